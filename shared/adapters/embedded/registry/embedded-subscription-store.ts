import type { TenantId } from '../../../contract/ids.ts';
import type {
  Delivery,
  DeliveryRef,
  Lease,
  Subscription,
  SubscriptionStore,
  TenantSubscription,
} from '../../../ports/subscription-store.ts';
import type { IndexTables } from '../index/index-tables.ts';
import { deliveryKey, namedKey } from '../index/keys.ts';
import { AttemptTable } from './attempt-table.ts';
import { JsonTable } from './json-table.ts';
import type { Serial } from './serial.ts';
import type { SharedWrites } from './shared-writes.ts';

const BEHIND = Buffer.from([0xff]);
const ALL = { from: Buffer.alloc(0), to: BEHIND };

/** A row with its tenant, so that whoever walks over all of them need not take keys apart. */
type Row = TenantSubscription;

const leaseName = (tenant: TenantId, { uid, partition }: DeliveryRef): string => `${tenant}/${uid}/${partition}`;

/**
 * Subscriptions in LMDB; every write is synced before it resolves. Leases are in memory: the folder's lock lets in one process, and
 * what a dead one held is free.
 */
export const createEmbeddedSubscriptionStore = (
  tables: IndexTables,
  serial: Serial,
  writes: SharedWrites,
): SubscriptionStore => {
  const rows = new JsonTable<Row>(tables, 'subscriptions');
  const deliveries = new JsonTable<Delivery>(tables, 'deliveries');
  const attempts = new AttemptTable(tables);
  const leases = new Map<string, Lease>();
  const alive = new Set([...tables.range('subscriptions', ALL)].map(({ key }) => rows.get(key)!.subscription.uid));

  const get = (tenant: TenantId, id: string): Subscription | undefined => rows.get(namedKey(tenant, id))?.subscription;
  const put = (tenant: TenantId, subscription: Subscription): Promise<void> =>
    writes.write((batch) => rows.put(batch, namedKey(tenant, subscription.id), { tenant, subscription }));
  const holds = (tenant: TenantId, ref: DeliveryRef, owner: string): boolean =>
    alive.has(ref.uid) && leases.get(leaseName(tenant, ref))?.owner === owner;
  const deliveryKeys = (tenant: TenantId, uid: string): Buffer[] => {
    const from = deliveryKey(tenant, uid);
    return tables.keys('deliveries', { from, to: Buffer.concat([from, BEHIND, BEHIND]) });
  };

  return {
    create: (tenant, subscription) =>
      serial.run(async () => {
        if (get(tenant, subscription.id) !== undefined) return false;
        await put(tenant, subscription);
        alive.add(subscription.uid);
        return true;
      }),
    get: async (tenant, id) => get(tenant, id),
    list: async (tenant, page) => rows.list(namedKey(tenant, ''), page).map(({ subscription }) => subscription),
    replace: (tenant, seen, next) =>
      serial.run(async () => {
        const stored = get(tenant, seen.id);
        if (stored?.uid !== seen.uid || stored.revision !== seen.revision) return false;
        await put(tenant, next);
        return true;
      }),
    remove: (tenant, { id, uid }) =>
      serial.run(async () => {
        if (get(tenant, id)?.uid !== uid) return false;
        alive.delete(uid);
        // Behind what its last owner may have asked to be saved, so that nothing is left over.
        await writes.idle();
        await writes.write((batch) => {
          batch.remove('subscriptions', namedKey(tenant, id));
          for (const key of deliveryKeys(tenant, uid)) batch.remove('deliveries', key);
          attempts.removeAll(batch, tenant, uid);
        });
        return true;
      }),
    all: async () => tables.keys('subscriptions', ALL).flatMap((key) => rows.get(key) ?? []),
    acquire: async (tenant, ref, lease, nowMs) => {
      const name = leaseName(tenant, ref);
      const held = leases.get(name);
      if (held !== undefined && held.owner !== lease.owner && held.expiresAt > nowMs) {
        return { kind: 'held', expiresAt: held.expiresAt };
      }
      if (alive.has(ref.uid)) leases.set(name, lease);
      return { kind: 'acquired', delivery: deliveries.get(deliveryKey(tenant, ref.uid, ref.partition)) };
    },
    save: async (tenant, ref, lease, delivery) => {
      if (!holds(tenant, ref, lease.owner)) return false;
      leases.set(leaseName(tenant, ref), lease);
      await writes.write((batch) => deliveries.put(batch, deliveryKey(tenant, ref.uid, ref.partition), delivery));
      return true;
    },
    release: async (tenant, ref, owner) => {
      const name = leaseName(tenant, ref);
      if (leases.get(name)?.owner === owner) leases.delete(name);
    },
    deliveries: async (tenant, uid) =>
      new Map(deliveryKeys(tenant, uid).map((key) => [key.readUInt32BE(key.length - 4), deliveries.get(key)!])),
    addAttempts: async (tenant, uid, added, nowMs) => {
      if (alive.has(uid)) await writes.write((batch) => attempts.add(batch, tenant, uid, added, nowMs));
    },
    attempts: async (tenant, uid, page) => attempts.list(tenant, uid, page),
  };
};
