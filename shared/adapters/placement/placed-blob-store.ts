import type { TenantId } from '../../contract/ids.ts';
import type { BlobRef, BlobStore, PutOptions } from '../../ports/blob-store.ts';
import type { Clock } from '../../ports/clock.ts';
import { type BreakerOptions, CircuitBreaker } from './circuit-breaker.ts';
import { readByKind, type StoresByKind, storeOfKind } from './read-by-kind.ts';

export interface PlacementOptions {
  /** A deployment without zones has no `zonal` one, and keeps in `standard` what is to be kept several times: that does so by itself. */
  readonly stores: StoresByKind & { readonly inline: BlobStore; readonly standard: BlobStore };
  /** Up to this many bytes a blob goes into the table (4,096): cheaper and faster there, see docs/storage.md. */
  readonly inlineMaxBytes?: number;
  /** Up to this many bytes a blob goes there too when it cannot be stored elsewhere. */
  readonly inlineLimitBytes: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly breaker?: BreakerOptions;
}

const sizeOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0);

/**
 * Small blobs into the table; others into the regional bucket, or into the zones' where several copies are asked for; and what fits
 * into the table too where the buckets fail.
 */
export const createPlacedBlobStore = (options: PlacementOptions): BlobStore => {
  const { stores, inlineMaxBytes = 4096, inlineLimitBytes, clock } = options;
  const watched = (store: BlobStore) => ({ store, breaker: new CircuitBreaker(clock, options.breaker) });
  const regional = watched(stores.standard);
  const zonal = stores.zonal === undefined ? regional : watched(stores.zonal);

  const putLarge = async (
    tenant: TenantId,
    parts: readonly Uint8Array[],
    options: PutOptions | undefined,
  ): Promise<BlobRef> => {
    const fits = sizeOf(parts) <= inlineLimitBytes;
    const { store, breaker } = options?.replication === undefined ? regional : zonal;
    if (!breaker.allows() && fits) return stores.inline.put(tenant, parts, options);
    try {
      const blob = await store.put(tenant, parts, options);
      breaker.succeeded();
      return blob;
    } catch (error) {
      breaker.failed();
      if (!fits) throw error;
      return stores.inline.put(tenant, parts, options);
    }
  };
  return {
    put: (tenant, parts, options) =>
      sizeOf(parts) <= inlineMaxBytes ? stores.inline.put(tenant, parts, options) : putLarge(tenant, parts, options),
    read: (tenant, slices, allocate) => readByKind(stores, tenant, slices, allocate),
    delete: (tenant, blob) => storeOfKind(stores, blob.kind).delete(tenant, blob),
  };
};
