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

/** The batches of one slice, and how many look at them. */
interface Opened {
  readonly batches: readonly OpenBatch[];
  readonly bytes: Uint8Array;
  users: number;
  kept: boolean;
}

/**
 * Batches that were read and proved whole, within a budget of bytes. Blobs never change, so nothing here is ever stale. Each miss
 * is checked against its CRC-32C before anybody sees it. Memory of what leaves the cache goes back to the pool, once nobody looks at it.
 */
export class BatchCache {
  readonly #blobs: Pick<BlobStore, 'read'>;
  readonly #pool: BufferPool;
  readonly #opened: Lru<Opened>;
  /** What is being read now, so that whoever asks meanwhile waits for it instead of reading it too. */
  readonly #reading = new Map<string, Promise<unknown>>();

  constructor(blobs: Pick<BlobStore, 'read'>, budgetBytes: number, pool: BufferPool) {
    this.#blobs = blobs;
    this.#pool = pool;
    this.#opened = new Lru(budgetBytes, (opened) => {
      opened.kept = false;
      this.#reuse(opened);
    });
  }

  /**
   * The batches of each slice; what is missing is read in one go.
   * @throws {BlobUnreadableError} @throws {BatchDamagedError}
   */
  async load(tenant: TenantId, slices: readonly BlobSlice[]): Promise<OpenedSlices> {
    if (this.#reading.size > 0) await this.#readByOthers(tenant, slices);
    const found = slices.map((slice) => this.#find(tenant, slice));
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
    const opened = this.#readAndOpen(tenant, slices);
    const keys = slices.map((slice) => keyOf(tenant, slice));
    for (const key of keys) this.#reading.set(key, opened);
    try {
      return await opened;
    } finally {
      for (const key of keys) if (this.#reading.get(key) === opened) this.#reading.delete(key);
    }
  }

  async #readAndOpen(tenant: TenantId, slices: readonly BlobSlice[]): Promise<Opened[]> {
    const bytes = await this.#read(tenant, slices);
    return slices.map((slice, at) => this.#open(tenant, slice, bytes[at]!));
  }

  #read(tenant: TenantId, slices: readonly BlobSlice[]): Promise<Uint8Array[]> {
    return this.#blobs.read(tenant, slices, (bytes) => this.#pool.take(bytes));
  }

  #lend(opened: readonly Opened[]): OpenedSlices {
    let lent = true;
    const release = (): void => {
      if (lent) this.#release(opened);
      lent = false;
    };
    return { batches: opened.map(({ batches }) => batches), release };
  }

  #find(tenant: TenantId, slice: BlobSlice): Opened | undefined {
    const opened = this.#opened.get(keyOf(tenant, slice));
    if (opened !== undefined) opened.users++;
    return opened;
  }

  #open(tenant: TenantId, slice: BlobSlice, bytes: Uint8Array): Opened {
    const batches = openBatches(bytes);
    const opened: Opened = { batches, bytes, users: 1, kept: true };
    const weight = batches.reduce((sum, batch) => sum + batch.bytes, 0);
    this.#opened.set(keyOf(tenant, slice), opened, weight);
    return opened;
  }

  #release(all: readonly (Opened | undefined)[]): void {
    for (const opened of all) {
      if (opened === undefined) continue;
      opened.users--;
      this.#reuse(opened);
    }
  }

  #reuse({ bytes, users, kept }: Opened): void {
    if (users === 0 && !kept) this.#pool.give(bytes);
  }
}

const keyOf = (tenant: TenantId, { blob, position }: BlobSlice): string => `${tenant}/${blob.id}/${position}`;
