import type { TenantId } from '../../contract/ids.ts';
import { type BlobRef, type BlobSlice, type BlobStore, BlobUnreadableError } from '../../ports/blob-store.ts';
import type { Clock } from '../../ports/clock.ts';
import { type BreakerOptions, CircuitBreaker } from './circuit-breaker.ts';
import type { Replication } from './put-copies.ts';

/** A store that may be told how many copies of a blob are to be kept. */
interface ReplicatingStore extends BlobStore {
  put(tenant: TenantId, parts: readonly Uint8Array[], replication?: Replication): Promise<BlobRef>;
}

export interface PlacementOptions {
  /** Every kind of blob that is there, also the kinds of which no new ones are made. */
  readonly stores: { readonly [Kind in BlobRef['kind']]?: ReplicatingStore } & { readonly inline: BlobStore };
  /** Where blobs go that are too large for the table. */
  readonly large: 'standard' | 'zonal';
  /** Up to this many bytes a blob goes into the table (4,096): cheaper and faster there, see docs/storage.md. */
  readonly inlineMaxBytes?: number;
  /** Up to this many bytes a blob goes there too when it cannot be stored elsewhere. */
  readonly inlineLimitBytes: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly breaker?: BreakerOptions;
}

const sizeOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0);

/** Small blobs into the table, others into buckets, and what fits into the table too where the buckets fail. */
export const createPlacedBlobStore = (options: PlacementOptions): ReplicatingStore => {
  const { stores, large, inlineMaxBytes = 4096, inlineLimitBytes, clock } = options;
  const breaker = new CircuitBreaker(clock, options.breaker);

  const storeOf = (kind: BlobRef['kind']): ReplicatingStore => {
    const store = stores[kind];
    if (store === undefined) throw new BlobUnreadableError(`a store of kind ${kind}, which this deployment lacks`);
    return store;
  };
  const putLarge = async (tenant: TenantId, parts: readonly Uint8Array[], replication?: Replication) => {
    const fits = sizeOf(parts) <= inlineLimitBytes;
    if (!breaker.allows() && fits) return stores.inline.put(tenant, parts);
    try {
      const blob = await storeOf(large).put(tenant, parts, replication);
      breaker.succeeded();
      return blob;
    } catch (error) {
      breaker.failed();
      if (!fits) throw error;
      return stores.inline.put(tenant, parts);
    }
  };
  const readKind = async (tenant: TenantId, kind: BlobRef['kind'], slices: readonly BlobSlice[]) => {
    const places = [...slices.keys()].filter((at) => slices[at]!.blob.kind === kind);
    const found = await storeOf(kind).read(
      tenant,
      places.map((at) => slices[at]!),
    );
    return places.map((at, index) => [at, found[index]!] as const);
  };
  return {
    put: (tenant, parts, replication) =>
      sizeOf(parts) <= inlineMaxBytes ? stores.inline.put(tenant, parts) : putLarge(tenant, parts, replication),
    read: async (tenant, slices) => {
      const kinds = [...new Set(slices.map(({ blob }) => blob.kind))];
      const found = new Map((await Promise.all(kinds.map((kind) => readKind(tenant, kind, slices)))).flat());
      return slices.map((_, at) => found.get(at)!);
    },
    delete: (tenant, blob) => storeOf(blob.kind).delete(tenant, blob),
  };
};
