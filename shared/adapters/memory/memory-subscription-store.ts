import type { SubscriptionId, TenantId, TopicId } from '../../contract/ids.ts';
import {
  type Acquired,
  ATTEMPTS_KEPT,
  type Attempt,
  type AttemptPage,
  type Delivery,
  type DeliveryRef,
  FAILURES_KEPT_MS,
  type Lease,
  type PageOfAll,
  type Subscription,
  type SubscriptionStore,
} from '../../ports/subscription-store.ts';
import type { NamePage } from '../../ports/topic-registry.ts';
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
export class MemorySubscriptionStore implements SubscriptionStore {
  readonly #tenants = new Map<TenantId, TenantKept>();

  async create(tenant: TenantId, subscription: Subscription): Promise<boolean> {
    const { byId, byUid } = this.#of(tenant);
    if (byId.has(subscription.id)) return false;
    byId.set(subscription.id, subscription);
    byUid.set(subscription.uid, { deliveries: new Map(), leases: new Map(), attempts: [] });
    return true;
  }

  async get(tenant: TenantId, id: SubscriptionId): Promise<Subscription | undefined> {
    return this.#of(tenant).byId.get(id);
  }

  async list(tenant: TenantId, page: NamePage): Promise<Subscription[]> {
    const { byId } = this.#of(tenant);
    return pageOfNames(byId.keys(), page).map((id) => byId.get(id as SubscriptionId)!);
  }

  async replace(tenant: TenantId, seen: Subscription, next: Subscription): Promise<boolean> {
    const { byId } = this.#of(tenant);
    const stored = byId.get(seen.id);
    if (stored?.uid !== seen.uid || stored.revision !== seen.revision) return false;
    byId.set(seen.id, next);
    return true;
  }

  async remove(tenant: TenantId, { id, uid }: Subscription): Promise<boolean> {
    const { byId, byUid } = this.#of(tenant);
    if (byId.get(id)?.uid !== uid) return false;
    byUid.delete(uid);
    return byId.delete(id);
  }

  async ofTopic(tenant: TenantId, topicId: TopicId): Promise<Subscription[]> {
    return [...this.#of(tenant).byId.values()].filter((subscription) => subscription.topicId === topicId);
  }

  async pageOfAll({
    after,
    limit,
  }: {
    readonly after?: string | undefined;
    readonly limit: number;
  }): Promise<PageOfAll> {
    const all = new Map(
      [...this.#tenants].flatMap(([tenant, { byId }]) =>
        [...byId.values()].map((subscription) => [`${tenant}/${subscription.id}`, { tenant, subscription }]),
      ),
    );
    const names = pageOfNames(all.keys(), { limit, ...(after === undefined ? {} : { after }) });
    const next = names.length < limit ? undefined : names.at(-1);
    return { found: names.map((name) => all.get(name)!), ...(next === undefined ? {} : { next }) };
  }

  async acquire(tenant: TenantId, { uid, partition }: DeliveryRef, lease: Lease, nowMs: number): Promise<Acquired> {
    const kept = this.#keptOf(tenant, uid);
    const held = kept?.leases.get(partition);
    if (held !== undefined && held.owner !== lease.owner && held.expiresAt > nowMs) {
      return { kind: 'held', expiresAt: held.expiresAt };
    }
    kept?.leases.set(partition, lease);
    return { kind: 'acquired', delivery: kept?.deliveries.get(partition) };
  }

  async save(tenant: TenantId, ref: DeliveryRef, lease: Lease, delivery: Delivery): Promise<boolean> {
    const kept = this.#holds(tenant, ref, lease.owner);
    kept?.leases.set(ref.partition, lease);
    kept?.deliveries.set(ref.partition, delivery);
    return kept !== undefined;
  }

  async release(tenant: TenantId, ref: DeliveryRef, owner: string): Promise<void> {
    this.#holds(tenant, ref, owner)?.leases.delete(ref.partition);
  }

  async deliveries(tenant: TenantId, uid: string): Promise<Map<number, Delivery>> {
    return new Map(this.#keptOf(tenant, uid)?.deliveries);
  }

  async addAttempts(tenant: TenantId, uid: string, attempts: readonly Attempt[], nowMs: number): Promise<void> {
    const kept = this.#keptOf(tenant, uid);
    if (kept === undefined) return;
    const all = [...kept.attempts, ...attempts].sort(newestFirst);
    const since = nowMs - FAILURES_KEPT_MS;
    kept.attempts = all.filter(
      ({ outcome, time }, at) => at < ATTEMPTS_KEPT || (outcome !== 'delivered' && time >= since),
    );
  }

  async attempts(tenant: TenantId, uid: string, { before, limit }: AttemptPage): Promise<Attempt[]> {
    const all = this.#keptOf(tenant, uid)?.attempts ?? [];
    return all.filter(({ id }) => before === undefined || id < before).slice(0, limit);
  }

  #of(tenant: TenantId): TenantKept {
    const kept = this.#tenants.get(tenant) ?? { byId: new Map(), byUid: new Map() };
    this.#tenants.set(tenant, kept);
    return kept;
  }

  #keptOf(tenant: TenantId, uid: string): Kept | undefined {
    return this.#of(tenant).byUid.get(uid);
  }

  #holds(tenant: TenantId, { uid, partition }: DeliveryRef, owner: string): Kept | undefined {
    const kept = this.#keptOf(tenant, uid);
    return kept?.leases.get(partition)?.owner === owner ? kept : undefined;
  }
}
