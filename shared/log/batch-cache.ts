import type { TenantId } from '../contract/ids.ts';
import type { BufferPool } from '../lib/buffer-pool.ts';
import { Lru } from '../lib/lru.ts';
import type { BlobSlice, BlobStore } from '../ports/blob-store.ts';
import { type OpenBatch, openBatches } from './record-batch/open-batches.ts';

/** Batches that somebody is looking at. */
export interface OpenedSlices {
  /** Of each slice, in order. */
  readonly batches: readonly (readonly OpenBatch[])[];
  /** Nobody looks at them any more: their memory may serve others. Whoever never says so only costs memory. */
  release(): void;
}

/** What came in one piece of memory. It is kept and forgotten as a whole, so that the budget counts the memory that there is. */
interface Block {
  /** Of its first slice. */
  readonly key: string;
  readonly memory: Uint8Array;
  /** Its slices, by their keys. */
  readonly slices: Map<string, Opened>;
  /** How many look at it. */
  users: number;
  kept: boolean;
}

interface Opened {
  readonly batches: readonly OpenBatch[];
  readonly block: Block;
}

/**
 * Batches that were read and proved whole, within a budget of bytes. Blobs never change, so nothing here is ever stale. Each miss
 * is checked against its CRC-32C before anybody sees it. Memory of what leaves the cache goes back to the pool, once nobody looks at it.
 */
export class BatchCache {
  readonly #blobs: Pick<BlobStore, 'read'>;
  readonly #pool: BufferPool;
  readonly #opened = new Map<string, Opened>();
  readonly #blocks: Lru<Block>;
  /** What is being read now, so that whoever asks meanwhile waits for it instead of reading it too. */
  readonly #reading = new Map<string, Promise<unknown>>();

  constructor(blobs: Pick<BlobStore, 'read'>, budgetBytes: number, pool: BufferPool) {
    this.#blobs = blobs;
    this.#pool = pool;
    this.#blocks = new Lru(budgetBytes, (block) => this.#forget(block));
  }

  /**
   * The batches of each slice; what is missing is read in one go.
   * @throws {BlobUnreadableError} @throws {BatchDamagedError}
   */
  async load(tenant: TenantId, slices: readonly BlobSlice[]): Promise<OpenedSlices> {
    if (this.#reading.size > 0) await this.#readByOthers(tenant, slices);
    const found = slices.map((slice) => this.#find(keyOf(tenant, slice)));
    const missing = slices.filter((_, at) => found[at] === undefined);
    if (missing.length > 0) {
      try {
        const opened = await this.#announced(tenant, missing);
        let next = 0;
        for (const at of slices.keys()) found[at] ??= opened[next++]!;
      } catch (error) {
        this.#release(found);
        throw error;
      }
    }
    return this.#lend(found as Opened[]);
  }

  /** Resolves when they are in the cache, or could not be read: then whoever asks reads them again. */
  async #readByOthers(tenant: TenantId, slices: readonly BlobSlice[]): Promise<void> {
    const reading = new Set(slices.map((slice) => this.#reading.get(keyOf(tenant, slice))));
    reading.delete(undefined);
    if (reading.size > 0) await Promise.allSettled(reading);
  }

  async #announced(tenant: TenantId, slices: readonly BlobSlice[]): Promise<Opened[]> {
    const keys = slices.map((slice) => keyOf(tenant, slice));
    const opened = this.#readAndOpen(tenant, slices, keys);
    for (const key of keys) this.#reading.set(key, opened);
    try {
      return await opened;
    } finally {
      for (const key of keys) if (this.#reading.get(key) === opened) this.#reading.delete(key);
    }
  }

  async #readAndOpen(tenant: TenantId, slices: readonly BlobSlice[], keys: readonly string[]): Promise<Opened[]> {
    const read = await this.#blobs.read(tenant, slices, (bytes) => this.#pool.take(bytes));
    const blocks = new Map<ArrayBufferLike, Block>();
    const opened = read.map((memory, at) => {
      const block = blocks.get(memory.buffer) ?? { key: keys[at]!, memory, slices: new Map(), users: 0, kept: true };
      blocks.set(memory.buffer, block);
      const slice = { batches: openBatches(memory), block };
      block.slices.set(keys[at]!, slice);
      block.users++;
      return slice;
    });
    for (const block of blocks.values()) this.#keep(block);
    return opened;
  }

  #keep(block: Block): void {
    for (const [key, slice] of block.slices) this.#opened.set(key, slice);
    this.#blocks.set(block.key, block, this.#bytesOf(block));
  }

  /** Records that were compressed have memory of their own; a block of the pool counts whole. */
  #bytesOf({ memory, slices }: Block): number {
    const batches = [...slices.values()].flatMap((slice) => slice.batches);
    const own = batches.reduce((sum, batch) => sum + batch.bytes, 0);
    return this.#pool.lent(memory) ? Math.max(own, memory.buffer.byteLength) : own;
  }

  #forget(block: Block): void {
    block.kept = false;
    for (const [key, slice] of block.slices) if (this.#opened.get(key) === slice) this.#opened.delete(key);
    this.#reuse(block);
  }

  #lend(opened: readonly Opened[]): OpenedSlices {
    let lent = true;
    const release = (): void => {
      if (lent) this.#release(opened);
      lent = false;
    };
    return { batches: opened.map(({ batches }) => batches), release };
  }

  #find(key: string): Opened | undefined {
    const opened = this.#opened.get(key);
    if (opened === undefined) return undefined;
    this.#blocks.get(opened.block.key);
    opened.block.users++;
    return opened;
  }

  #release(all: readonly (Opened | undefined)[]): void {
    for (const opened of all) {
      if (opened === undefined) continue;
      opened.block.users--;
      this.#reuse(opened.block);
    }
  }

  #reuse({ memory, users, kept }: Block): void {
    if (users === 0 && !kept) this.#pool.give(memory);
  }
}

const keyOf = (tenant: TenantId, { blob, position }: BlobSlice): string => `${tenant}/${blob.id}/${position}`;
