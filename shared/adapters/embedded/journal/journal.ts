import { randomBytes } from 'node:crypto';
import type { TenantId } from '../../../contract/ids.ts';
import type { BlobRef } from '../../../ports/blob-store.ts';
import type { Files, OpenFile } from '../files/files.ts';
import { writeAll } from '../files/whole.ts';
import { NotWrittenError } from '../not-written-error.ts';
import { type BlobPlace, decodeBlobId, MAX_BLOB_BYTES } from './blob-id.ts';
import { cutFile } from './cut-file.ts';
import { encodeFileHeader, FILE_HEADER_BYTES } from './file-header.ts';
import { encodeGroup, GROUP_HEADER_BYTES } from './group-frame.ts';
import { type JournalPosition, journalFilePath } from './journal-position.ts';
import { LostPlaces } from './lost-places.ts';
import { TenantTags } from './tenant-tags.ts';

/** Positions are 32 bits; a group may stand out over the roll size, but not that far. */
const MAX_OFFSET = 2 ** 32 - 1;

/** Where a group begins. */
interface Start {
  readonly file: number;
  readonly nonce: number;
  readonly tags: TenantTags;
  readonly offset: number;
  /** The file is made when the group is written. */
  readonly isNewFile: boolean;
}

interface Group {
  readonly start: Start;
  readonly sequence: number;
  readonly parts: readonly Uint8Array[];
  readonly end: number;
}

export interface JournalOptions {
  readonly files: Files;
  readonly folder: string;
  /** A file that has reached this size is followed by the next one. */
  readonly rollBytes: number;
  /** The number of the first file to make; numbers are never used twice. */
  readonly nextFile: number;
  /** Of the first group. */
  readonly sequence: number;
}

/**
 * Appends groups to the journal files, one at a time: one write, one sync. A process always begins a new file, so that no position,
 * and no blob id, is ever used twice.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #lost = new LostPlaces();
  /** Of the group that is being filled, and the bytes of its blobs. */
  #start: Start;
  #filled = 0;
  #sequence: number;
  #current: OpenFile | undefined;
  #durable: { readonly file: number; readonly offset: number };
  /** What a failed write may have left on the disk. No group is written before it is cut off. */
  #leftover: Start | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#sequence = options.sequence;
    this.#start = newFile(options.nextFile);
    this.#durable = { file: options.nextFile - 1, offset: Number.POSITIVE_INFINITY };
  }

  /** Gives a blob its place in the group that is being filled. An empty one takes a byte too, so that its id is its own. */
  place(tenant: TenantId, length: number): BlobPlace {
    const { file, offset, tags } = this.#start;
    const position = offset + GROUP_HEADER_BYTES + this.#filled;
    if (length > MAX_BLOB_BYTES || position + length > MAX_OFFSET) throw new RangeError('A blob is too large.');
    this.#filled += Math.max(1, length);
    return { file, position, length, tag: tags.of(tenant) };
  }

  /** The bytes of this place were never written and never will be. */
  isLost(place: BlobPlace): boolean {
    return this.#lost.has(place);
  }

  /** The same of a blob. */
  hasLost({ kind, id }: BlobRef): boolean {
    return !this.#lost.isEmpty && kind === 'journal' && this.#lost.has(decodeBlobId(id));
  }

  isDurable({ file, position, length }: BlobPlace): boolean {
    return file < this.#durable.file || (file === this.#durable.file && position + length <= this.#durable.offset);
  }

  /**
   * Writes the group that was filled and begins the next one. One call at a time. Where it fails, `onLost` is called at the moment from
   * which on places are good again: what was placed before is lost, in this group and in the one that is being filled.
   * @throws {NotWrittenError} when nothing of it is, or will be, in the journal; anything else leaves that open.
   */
  write(blobs: readonly Uint8Array[], operations: Buffer, onLost: () => void): Promise<JournalPosition> {
    const start = this.#start;
    const sequence = this.#sequence;
    const parts = encodeGroup(blobs, operations, sequence, start.nonce);
    const end = start.offset + parts.reduce((sum, part) => sum + part.length, 0);
    const full = end >= this.#options.rollBytes;
    this.#start = full ? newFile(start.file + 1) : { ...start, offset: end, isNewFile: false };
    this.#filled = 0;
    return this.#append({ start, sequence, parts, end }, onLost);
  }

  async close(): Promise<void> {
    const file = this.#current;
    this.#current = undefined;
    await file?.close();
  }

  async #append(group: Group, onLost: () => void): Promise<JournalPosition> {
    const { start, end } = group;
    try {
      await this.#cutLeftover();
      await (start.isNewFile ? this.#storeInNewFile(group) : this.#store(group));
    } catch (error) {
      await this.#giveUp(start, onLost, error);
    }
    this.#leftover = undefined;
    this.#sequence = group.sequence + 1;
    this.#durable = { file: start.file, offset: end };
    return { file: start.file, offset: end, sequence: this.#sequence };
  }

  async #store({ start, parts }: Group): Promise<void> {
    const file = this.#current!;
    this.#leftover = start;
    await writeAll(file, parts, start.offset);
    await file.sync();
  }

  async #storeInNewFile({ start, sequence, parts }: Group): Promise<void> {
    await this.close();
    const { files, folder } = this.#options;
    const file = await files.open(journalFilePath(folder, start.file), 'create');
    this.#leftover = start;
    this.#current = file;
    const header = encodeFileHeader({ number: start.file, nonce: start.nonce, firstSequence: sequence });
    await writeAll(file, [header, ...parts], 0);
    await file.sync();
    await files.syncFolder(folder);
  }

  /** Goes on in a new file at once: cutting takes a while, and blobs are placed meanwhile. */
  async #giveUp(start: Start, onLost: () => void, cause: unknown): Promise<never> {
    const { file } = this.#start;
    this.#lost.add(start.file, start.offset);
    if (file !== start.file) this.#lost.add(file, 0);
    this.#start = newFile(file + 1);
    this.#filled = 0;
    onLost();
    const touched = this.#leftover === start;
    const isCut = await this.#cutLeftover().then(
      () => true,
      () => false,
    );
    if (touched && !isCut) throw cause;
    throw new NotWrittenError({ cause });
  }

  async #cutLeftover(): Promise<void> {
    const leftover = this.#leftover;
    if (leftover === undefined) return;
    await this.close().catch(() => undefined);
    const { files, folder } = this.#options;
    await cutFile(files, folder, leftover.file, leftover.isNewFile ? 0 : leftover.offset);
    this.#leftover = undefined;
  }
}

const newFile = (file: number): Start => {
  const nonce = randomBytes(4).readUInt32BE(0);
  return { file, nonce, tags: new TenantTags(nonce), offset: FILE_HEADER_BYTES, isNewFile: true };
};
