import type { TenantId } from '../../contract/ids.ts';
import type { BlobRepair, Repaired } from '../../ports/blob-repair.ts';
import {
  type BlobRef,
  type BlobStore,
  BlobUnreadableError,
  type PutOptions,
  type Replication,
} from '../../ports/blob-store.ts';
import type { Random } from '../../ports/random.ts';
import { readPlanned } from './plan-reads.ts';
import { putCopies } from './put-copies.ts';
import { readHedged } from './read-hedged.ts';
import { type Original, repairCopies } from './repair-copies.ts';
import { WatchedZone, type WatchOptions } from './watched-zone.ts';
import type { Zone } from './zone.ts';

export interface ZonalOptions extends WatchOptions {
  /** Bit `i` of a blob's mask is `zones[i]`: the order must not change while blobs live. */
  readonly zones: readonly Zone[];
  readonly random: Pick<Random, 'uuid'>;
  /** Where a caller does not say. */
  readonly replication: Replication;
  /** The zone that is read first where several hold a blob (0). */
  readonly nearest?: number;
  /** How long a read waits for one zone before it asks the next one too, in milliseconds (50). */
  readonly hedgeMs?: number;
}

export interface ZonalBlobStore extends BlobStore, BlobRepair {
  /** Brings copies of a blob that another store holds into zones, under its id. */
  adopt(tenant: TenantId, blob: BlobRef, copies: number, original: Original): Promise<Repaired>;
}

const keyOf = (tenant: TenantId, { id }: Pick<BlobRef, 'id'>): string => `${tenant}/${id}`;

const turn = <Item>(items: readonly Item[], first: number): Item[] => [...items.slice(first), ...items.slice(0, first)];

/** Shares the load by the UUID's random end where there are more zones than copies. */
const zonesFor = (id: string, zones: readonly WatchedZone[]): WatchedZone[] =>
  turn(zones, Number.parseInt(id.slice(-4), 16) % zones.length);

/** Blobs in several zones at once, each zone with copies of its own. */
export const createZonalBlobStore = (options: ZonalOptions): ZonalBlobStore => {
  const { random, clock, nearest = 0, hedgeMs = 50 } = options;
  const zones = options.zones.map((zone, at) => new WatchedZone(zone, at, options));
  const nearestFirst = turn(zones, nearest);

  /** The mask is as old as the index entry: zones that got a copy later are tried last. */
  const byPromise = ({ zones: mask }: BlobRef): WatchedZone[] => [
    ...nearestFirst.filter(({ bit }) => (mask & bit) !== 0),
    ...nearestFirst.filter(({ bit }) => (mask & bit) === 0),
  ];
  const put = async (tenant: TenantId, parts: readonly Uint8Array[], { replication }: PutOptions = {}) => {
    const id = random.uuid();
    const mask = await putCopies(
      zonesFor(id, zones),
      keyOf(tenant, { id }),
      Buffer.concat(parts),
      replication ?? options.replication,
    );
    return { kind: 'zonal', id, zones: mask } as const;
  };
  return {
    put,
    read: (tenant, slices) =>
      readPlanned(slices, ({ slice: { blob }, start, end }) => {
        if (start < 0) throw new BlobUnreadableError(`${keyOf(tenant, blob)} ${start}`);
        const range = { start, length: end - start };
        return readHedged({ key: keyOf(tenant, blob), range, zones: byPromise(blob), clock, hedgeMs });
      }),
    delete: async (tenant, blob) => {
      await Promise.all(zones.map((zone) => zone.delete(keyOf(tenant, blob))));
    },
    repair: async (tenant, blob, copies) =>
      blob.kind === 'zonal' ? repairCopies(byPromise(blob), keyOf(tenant, blob), copies) : undefined,
    adopt: (tenant, blob, copies, original) =>
      repairCopies(zonesFor(blob.id, zones), keyOf(tenant, blob), copies, original),
  };
};
