import type { TenantId } from '../../../contract/ids.ts';
import { type Allocate, type BlobSlice, BlobUnreadableError } from '../../../ports/blob-store.ts';
import type { Files } from '../files/files.ts';
import { readUpTo } from '../files/whole.ts';
import { type BlobPlace, decodeBlobId } from './blob-id.ts';
import { journalPlace } from './journal-position.ts';
import { OpenFiles, type ReadableFile } from './open-files.ts';
import { type MergedRead, planReads, type WantedRange } from './read-plan.ts';

const OPEN_FILES = 64;

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
        await Promise.all(planReads(wanted).map((read) => readMerged(opened, number, read, into)));
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

/**
 * Slices that lie close together stay in the memory that they were read into. Where most of that is gaps they are copied out of it, so
 * that whoever keeps them does not keep the gaps too.
 */
const readMerged = async (
  { file }: ReadableFile,
  number: number,
  { position, length, wanted }: MergedRead,
  { answers, allocate }: Destination,
): Promise<void> => {
  const wantedBytes = wanted.reduce((sum, range) => sum + range.length, 0);
  const isDense = 2 * wantedBytes >= length;
  const memory = isDense ? allocate(length) : Buffer.allocUnsafeSlow(length);
  const bytes = await readUpTo(file, position, memory.subarray(0, length));
  const kept = isDense ? undefined : allocate(wantedBytes);
  let at = 0;
  for (const range of wanted) {
    const from = range.position - position;
    if (from + range.length > bytes.length) throw new BlobUnreadableError(journalPlace(number, range.position));
    const found = bytes.subarray(from, from + range.length);
    answers[range.at] = kept === undefined ? found : copyInto(kept.subarray(at), found);
    at += range.length;
  }
};

const copyInto = (memory: Buffer, bytes: Buffer): Buffer => memory.subarray(0, bytes.copy(memory));
