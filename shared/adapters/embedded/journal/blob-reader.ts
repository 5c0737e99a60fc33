import type { TenantId } from '../../../contract/ids.ts';
import { type Allocate, type BlobSlice, BlobUnreadableError } from '../../../ports/blob-store.ts';
import type { Files } from '../files/files.ts';
import { readUpTo } from '../files/whole.ts';
import { type BlobPlace, decodeBlobId } from './blob-id.ts';
import { journalPlace } from './journal-position.ts';
import { OpenFiles, type ReadableFile } from './open-files.ts';
import { type MergedRead, planReads, type WantedRange } from './read-plan.ts';

const OPEN_FILES = 64;
/** From here on a slice is read by itself, into memory that can be used again when it is done with. */
const LARGE_BYTES = 64 * 1024;

interface Located extends WantedRange {
  readonly blob: BlobPlace;
}

/** Where what is read goes. */
interface Destination {
  readonly answers: Uint8Array[];
  readonly allocate: Allocate;
}

/** Where a slice is in its file; a slice that stands out over its blob is unreadable. */
const locate = ({ blob, position, length }: BlobSlice, at: number): Located => {
  const place = blob.kind === 'journal' ? decodeBlobId(blob.id) : undefined;
  if (place === undefined) throw new BlobUnreadableError(`${blob.kind} blob ${blob.id}`);
  const inside = position >= 0 && length >= 0 && position + length <= place.length;
  if (!inside) throw new BlobUnreadableError(`${journalPlace(place.file, place.position)} ${position}+${length}`);
  return { blob: place, position: place.position + position, length, at };
};

/** Reads slices of blobs out of the journal files. */
export class BlobReader {
  readonly #open: OpenFiles;

  constructor(files: Files, folder: string) {
    this.#open = new OpenFiles(files, folder, OPEN_FILES);
  }

  async read(
    tenant: TenantId,
    slices: readonly BlobSlice[],
    allocate: Allocate = Buffer.allocUnsafeSlow,
  ): Promise<Uint8Array[]> {
    const byFile = new Map<number, Located[]>();
    slices.forEach((slice, at) => {
      const located = locate(slice, at);
      const others = byFile.get(located.blob.file);
      others === undefined ? byFile.set(located.blob.file, [located]) : others.push(located);
    });
    const answers: Uint8Array[] = new Array(slices.length);
    const into: Destination = { answers, allocate };
    await Promise.all([...byFile].map(([file, wanted]) => this.#readFile(tenant, file, wanted, into)));
    return answers;
  }

  close(): Promise<void> {
    return this.#open.close();
  }

  async #readFile(tenant: TenantId, number: number, wanted: Located[], into: Destination): Promise<void> {
    try {
      await this.#open.use(number, async (opened) => {
        for (const { blob } of wanted) checkTag(opened, tenant, blob);
        await Promise.all(readsOf(wanted).map((read) => readMerged(opened, number, read, into)));
      });
    } catch (cause) {
      if (cause instanceof BlobUnreadableError) throw cause;
      throw new BlobUnreadableError(journalPlace(number, wanted[0]!.position), { cause });
    }
  }
}

const checkTag = ({ tags }: ReadableFile, tenant: TenantId, { file, position, tag }: BlobPlace): void => {
  if (tags.of(tenant) !== tag) throw new BlobUnreadableError(`${journalPlace(file, position)} of tenant ${tenant}`);
};

const readsOf = (wanted: readonly Located[]): MergedRead[] => {
  const large = wanted.filter(({ length }) => length >= LARGE_BYTES);
  const small = wanted.filter(({ length }) => length < LARGE_BYTES);
  return [...large.map((range) => ({ ...range, wanted: [range] })), ...planReads(small)];
};

const readMerged = async (
  { file }: ReadableFile,
  number: number,
  { position, length, wanted }: MergedRead,
  { answers, allocate }: Destination,
): Promise<void> => {
  const memory = length >= LARGE_BYTES && wanted.length === 1 ? allocate(length) : Buffer.allocUnsafeSlow(length);
  const bytes = await readUpTo(file, position, memory.subarray(0, length));
  for (const range of wanted) {
    const from = range.position - position;
    if (from + range.length > bytes.length) throw new BlobUnreadableError(journalPlace(number, range.position));
    answers[range.at] = bytes.subarray(from, from + range.length);
  }
};
