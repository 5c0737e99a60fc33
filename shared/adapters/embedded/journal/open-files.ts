import type { Files, OpenFile } from '../files/files.ts';
import { readUpTo } from '../files/whole.ts';
import { decodeFileHeader, FILE_HEADER_BYTES } from './file-header.ts';
import { journalFilePath, journalPlace } from './journal-position.ts';
import { TenantTags } from './tenant-tags.ts';

/** A journal file that is open for reading. */
export interface ReadableFile {
  readonly file: OpenFile;
  readonly tags: TenantTags;
}

interface Slot {
  readonly opened: Promise<ReadableFile>;
  users: number;
  evicted: boolean;
}

/** Keeps the least recently used files closed, and none that somebody reads. */
export class OpenFiles {
  readonly #files: Files;
  readonly #folder: string;
  readonly #limit: number;
  readonly #slots = new Map<number, Slot>();

  constructor(files: Files, folder: string, limit: number) {
    this.#files = files;
    this.#folder = folder;
    this.#limit = limit;
  }

  async use<Result>(number: number, work: (file: ReadableFile) => Promise<Result>): Promise<Result> {
    const slot = this.#slots.get(number) ?? { opened: this.#open(number), users: 0, evicted: false };
    this.#slots.delete(number);
    this.#slots.set(number, slot);
    slot.users += 1;
    this.#evict();
    try {
      return await work(await slot.opened);
    } catch (error) {
      this.#drop(number, slot);
      throw error;
    } finally {
      slot.users -= 1;
      await closeUnused(slot);
    }
  }

  async close(): Promise<void> {
    const slots = [...this.#slots];
    for (const [number, slot] of slots) this.#drop(number, slot);
    await Promise.all(slots.map(([, slot]) => closeUnused(slot)));
  }

  async #open(number: number): Promise<ReadableFile> {
    const file = await this.#files.open(journalFilePath(this.#folder, number), 'read');
    try {
      const header = decodeFileHeader(await readUpTo(file, 0, Buffer.alloc(FILE_HEADER_BYTES)), number);
      if (header === undefined) throw new Error(`${journalPlace(number, 0)} is not the beginning of a journal file.`);
      return { file, tags: new TenantTags(header.nonce) };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  #evict(): void {
    for (const [number, slot] of this.#slots) {
      if (this.#slots.size <= this.#limit) return;
      this.#drop(number, slot);
      if (slot.users === 0) void closeUnused(slot);
    }
  }

  #drop(number: number, slot: Slot): void {
    slot.evicted = true;
    if (this.#slots.get(number) === slot) this.#slots.delete(number);
  }
}

const closeUnused = async (slot: Slot): Promise<void> => {
  if (!slot.evicted || slot.users > 0) return;
  await slot.opened.then(({ file }) => file.close()).catch(() => undefined);
};
