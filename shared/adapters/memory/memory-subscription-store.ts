import type { SubscriptionId, TenantId } from '../../contract/ids.ts';
import {
  ATTEMPTS_KEPT,
  type Attempt,
  type Delivery,
  type DeliveryRef,
  FAILURES_KEPT_MS,
  type Lease,
  type Subscription,
  type SubscriptionStore,
} from '../../ports/subscription-store.ts';
import { pageOfNames } from './page-of-names.ts';

interface Kept {
  readonly deliveries: Map<number, Delivery>;
  readonly leases: Map<number, Lease>;
  attempts: Attempt[];
}

interface TenantKept {
  readonly byId: Map<SubscriptionId, Subscription>;
  readonly byUid: Map<string, Kept>;
}

const newestFirst = (left: Attempt, right: Attempt): number => (left.id < right.id ? 1 : -1);

/** Subscriptions in maps; for tests. */
export const createMemorySubscriptionStore = (): SubscriptionStore => {
  const tenants = new Map<TenantId, TenantKept>();
  const of = (tenant: TenantId): TenantKept => {
    const kept = tenants.get(tenant) ?? { byId: new Map(), byUid: new Map() };
    tenants.set(tenant, kept);
    return kept;
  };
  const keptOf = (tenant: TenantId, uid: string): Kept | undefined => of(tenant).byUid.get(uid);
  const holds = (tenant: TenantId, { uid, partition }: DeliveryRef, owner: string): Kept | undefined => {
    const kept = keptOf(tenant, uid);
    return kept?.leases.get(partition)?.owner === owner ? kept : undefined;
  };
  return {
    create: async (tenant, subscription) => {
      const { byId, byUid } = of(tenant);
      if (byId.has(subscription.id)) return false;
      byId.set(subscription.id, subscription);
      byUid.set(subscription.uid, { deliveries: new Map(), leases: new Map(), attempts: [] });
      return true;
    },
    get: async (tenant, id) => of(tenant).byId.get(id),
    list: async (tenant, page) => {
      const { byId } = of(tenant);
      return pageOfNames(byId.keys(), page).map((id) => byId.get(id as SubscriptionId)!);
    },
    replace: async (tenant, seen, next) => {
      const { byId } = of(tenant);
      const stored = byId.get(seen.id);
      if (stored?.uid !== seen.uid || stored.revision !== seen.revision) return false;
      byId.set(seen.id, next);
      return true;
    },
    remove: async (tenant, { id, uid }) => {
      const { byId, byUid } = of(tenant);
      if (byId.get(id)?.uid !== uid) return false;
      byUid.delete(uid);
      return byId.delete(id);
    },
    all: async () =>
      [...tenants].flatMap(([tenant, { byId }]) =>
        [...byId.values()].map((subscription) => ({ tenant, subscription })),
      ),
    acquire: async (tenant, { uid, partition }, lease, nowMs) => {
      const kept = keptOf(tenant, uid);
      const held = kept?.leases.get(partition);
      if (held !== undefined && held.owner !== lease.owner && held.expiresAt > nowMs) {
        return { kind: 'held', expiresAt: held.expiresAt };
      }
      kept?.leases.set(partition, lease);
      return { kind: 'acquired', delivery: kept?.deliveries.get(partition) };
    },
    save: async (tenant, ref, lease, delivery) => {
      const kept = holds(tenant, ref, lease.owner);
      kept?.leases.set(ref.partition, lease);
      kept?.deliveries.set(ref.partition, delivery);
      return kept !== undefined;
    },
    release: async (tenant, ref, owner) => {
      holds(tenant, ref, owner)?.leases.delete(ref.partition);
    },
    deliveries: async (tenant, uid) => new Map(keptOf(tenant, uid)?.deliveries),
    addAttempts: async (tenant, uid, attempts, nowMs) => {
      const kept = keptOf(tenant, uid);
      if (kept === undefined) return;
      const all = [...kept.attempts, ...attempts].sort(newestFirst);
      const since = nowMs - FAILURES_KEPT_MS;
      kept.attempts = all.filter(
        ({ outcome, time }, at) => at < ATTEMPTS_KEPT || (outcome !== 'delivered' && time >= since),
      );
    },
    attempts: async (tenant, uid, { before, limit }) =>
      (keptOf(tenant, uid)?.attempts ?? []).filter(({ id }) => before === undefined || id < before).slice(0, limit),
  };
};
