import type { TenantId } from '../contract/ids.ts';
import { Lru } from '../lib/lru.ts';
import type { BlobSlice, BlobStore } from '../ports/blob-store.ts';
import { type OpenBatch, openBatches } from './record-batch/open-batches.ts';

/**
 * Batches that were read and proved whole, within a budget of bytes. Blobs never change, so nothing here is ever stale. Each miss
 * is checked against its CRC-32C before anybody sees it.
 */
export class BatchCache {
  readonly #blobs: Pick<BlobStore, 'read'>;
  readonly #opened: Lru<readonly OpenBatch[]>;

  constructor(blobs: Pick<BlobStore, 'read'>, budgetBytes: number) {
    this.#blobs = blobs;
    this.#opened = new Lru(budgetBytes);
  }

  /**
   * The batches of each slice, in order; what is missing is read in one go.
   * @throws {BlobUnreadableError} @throws {BatchDamagedError}
   */
  async load(tenant: TenantId, slices: readonly BlobSlice[]): Promise<(readonly OpenBatch[])[]> {
    const loaded = slices.map((slice) => this.#opened.get(keyOf(tenant, slice)));
    const missing = slices.filter((_, at) => loaded[at] === undefined);
    if (missing.length === 0) return loaded as (readonly OpenBatch[])[];
    const bytes = await this.#blobs.read(tenant, missing);
    let next = 0;
    return slices.map((slice, at) => loaded[at] ?? this.#open(tenant, slice, bytes[next++]!));
  }

  #open(tenant: TenantId, slice: BlobSlice, bytes: Uint8Array): readonly OpenBatch[] {
    const batches = openBatches(bytes);
    const weight = batches.reduce((sum, batch) => sum + batch.bytes, 0);
    this.#opened.set(keyOf(tenant, slice), batches, weight);
    return batches;
  }
}

const keyOf = (tenant: TenantId, { blob, position }: BlobSlice): string => `${tenant}/${blob.id}/${position}`;
