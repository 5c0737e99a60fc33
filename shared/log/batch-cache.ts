import type { TenantId } from '../contract/ids.ts';
import type { BufferPool } from '../lib/buffer-pool.ts';
import { type Kept, KeptMemory } from '../lib/kept-memory.ts';
import type { BlobSlice, BlobStore } from '../ports/blob-store.ts';
import { type OpenBatch, openBatches } from './record-batch/open-batches.ts';

/** Batches that somebody is looking at. */
export interface OpenedSlices {
  /** Of each slice, in order. */
  readonly batches: readonly (readonly OpenBatch[])[];
  /** Nobody looks at them any more: their memory may serve others. Whoever never says so only costs memory. */
  release(): void;
}

type Opened = Kept<readonly OpenBatch[]>;

/** What came in one piece of memory. */
interface Piece {
  readonly memory: Uint8Array;
  readonly parts: Map<string, readonly OpenBatch[]>;
  /** Slices that were asked for. */
  users: number;
}

/**
 * Batches that were read and proved whole, within a budget of bytes. Blobs never change, so nothing here is ever stale. Each miss
 * is checked against its CRC-32C before anybody sees it. Memory of what leaves the cache goes back to the pool, once nobody looks at it.
 */
export class BatchCache {
  readonly #blobs: Pick<BlobStore, 'read'>;
  readonly #pool: BufferPool;
  readonly #kept: KeptMemory<readonly OpenBatch[]>;
  /** What is being read now, so that whoever asks meanwhile waits for it instead of reading it too. */
  readonly #reading = new Map<string, Promise<unknown>>();

  constructor(blobs: Pick<BlobStore, 'read'>, budgetBytes: number, pool: BufferPool) {
    this.#blobs = blobs;
    this.#pool = pool;
    this.#kept = new KeptMemory(budgetBytes, pool);
  }

  /**
   * The batches of each slice; what is missing is read in one go.
   * @throws {BlobUnreadableError} @throws {BatchDamagedError}
   */
  async load(tenant: TenantId, slices: readonly BlobSlice[]): Promise<OpenedSlices> {
    if (this.#reading.size > 0) await this.#readByOthers(tenant, slices);
    const found = slices.map((slice) => this.#kept.find(keyOf(tenant, slice)));
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
    const pieces = new Map<ArrayBufferLike, Piece>();
    for (const [at, memory] of read.entries()) {
      const piece = pieces.get(memory.buffer) ?? { memory, parts: new Map(), users: 0 };
      pieces.set(memory.buffer, piece);
      piece.parts.set(keys[at]!, openBatches(memory));
      piece.users++;
    }
    const opened = new Map<string, Opened>();
    for (const { memory, parts, users } of pieces.values()) {
      const block = this.#kept.keep(memory, parts, users, this.#bytesOf(memory, parts));
      for (const [key, part] of parts) opened.set(key, { part, block });
    }
    return keys.map((key) => opened.get(key)!);
  }

  /** Records that were compressed have memory of their own; a block of the pool counts whole. */
  #bytesOf(memory: Uint8Array, parts: Piece['parts']): number {
    const batches = [...parts.values()].flat();
    const own = batches.reduce((sum, batch) => sum + batch.bytes, 0);
    return this.#pool.lent(memory) ? Math.max(own, memory.buffer.byteLength) : own;
  }

  #lend(opened: readonly Opened[]): OpenedSlices {
    let lent = true;
    const release = (): void => {
      if (lent) this.#release(opened);
      lent = false;
    };
    return { batches: opened.map(({ part }) => part), release };
  }

  #release(all: readonly (Opened | undefined)[]): void {
    for (const opened of all) if (opened !== undefined) this.#kept.release(opened.block);
  }
}

const keyOf = (tenant: TenantId, { blob, position }: BlobSlice): string => `${tenant}/${blob.id}/${position}`;
