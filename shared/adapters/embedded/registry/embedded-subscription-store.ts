import type { TenantId, TopicId } from '../../../contract/ids.ts';
import type {
  Acquired,
  Attempt,
  AttemptPage,
  Delivery,
  DeliveryRef,
  Lease,
  PageOfAll,
  Subscription,
  SubscriptionStore,
  TenantSubscription,
} from '../../../ports/subscription-store.ts';
import type { NamePage } from '../../../ports/topic-registry.ts';
import type { IndexTables } from '../index/index-tables.ts';
import { deliveryKey, namedKey } from '../index/keys.ts';
import { AttemptTable } from './attempt-table.ts';
import { JsonTable } from './json-table.ts';
import type { Serial } from './serial.ts';
import type { SharedWrites } from './shared-writes.ts';

const BEHIND = Buffer.from([0xff]);
/** Behind a name, and before every longer one. */
const BEFORE = Buffer.from([0]);
const ALL = { from: Buffer.alloc(0), to: BEHIND };

/** A row with its tenant, so that whoever walks over all of them need not take keys apart. */
type Row = TenantSubscription;

const leaseName = (tenant: TenantId, { uid, partition }: DeliveryRef): string => `${tenant}/${uid}/${partition}`;

/**
 * Subscriptions in LMDB; every write is synced before it resolves. Leases are in memory: the folder's lock lets in one process, and
 * what a dead one held is free.
 */
export class EmbeddedSubscriptionStore implements SubscriptionStore {
  readonly #tables: IndexTables;
  readonly #serial: Serial;
  readonly #writes: SharedWrites;
  readonly #rows: JsonTable<Row>;
  readonly #deliveries: JsonTable<Delivery>;
  readonly #attempts: AttemptTable;
  readonly #leases = new Map<string, Lease>();
  /** The uids of the subscriptions that there are. */
  readonly #alive: Set<string>;

  constructor(tables: IndexTables, serial: Serial, writes: SharedWrites) {
    this.#tables = tables;
    this.#serial = serial;
    this.#writes = writes;
    this.#rows = new JsonTable(tables, 'subscriptions');
    this.#deliveries = new JsonTable(tables, 'deliveries');
    this.#attempts = new AttemptTable(tables);
    this.#alive = new Set(this.#all().map(({ subscription }) => subscription.uid));
  }

  create(tenant: TenantId, subscription: Subscription): Promise<boolean> {
    return this.#serial.run(async () => {
      if (this.#get(tenant, subscription.id) !== undefined) return false;
      await this.#put(tenant, subscription);
      this.#alive.add(subscription.uid);
      return true;
    });
  }

  async get(tenant: TenantId, id: string): Promise<Subscription | undefined> {
    return this.#get(tenant, id);
  }

  async list(tenant: TenantId, page: NamePage): Promise<Subscription[]> {
    return this.#rows.list(namedKey(tenant, ''), page).map(({ subscription }) => subscription);
  }

  replace(tenant: TenantId, seen: Subscription, next: Subscription): Promise<boolean> {
    return this.#serial.run(async () => {
      const stored = this.#get(tenant, seen.id);
      if (stored?.uid !== seen.uid || stored.revision !== seen.revision) return false;
      await this.#put(tenant, next);
      return true;
    });
  }

  remove(tenant: TenantId, { id, uid }: Subscription): Promise<boolean> {
    return this.#serial.run(async () => {
      if (this.#get(tenant, id)?.uid !== uid) return false;
      this.#alive.delete(uid);
      // Behind what its last owner may have asked to be saved, so that nothing is left over.
      await this.#writes.idle();
      await this.#writes.write((batch) => {
        batch.remove('subscriptions', namedKey(tenant, id));
        for (const key of this.#deliveryKeys(tenant, uid)) batch.remove('deliveries', key);
        this.#attempts.removeAll(batch, tenant, uid);
      });
      return true;
    });
  }

  async ofTopic(tenant: TenantId, topicId: TopicId): Promise<Subscription[]> {
    const all = this.#rows.list(namedKey(tenant, ''), { limit: Number.MAX_SAFE_INTEGER });
    return all.map(({ subscription }) => subscription).filter((subscription) => subscription.topicId === topicId);
  }

  async pageOfAll({
    after,
    limit,
  }: {
    readonly after?: string | undefined;
    readonly limit: number;
  }): Promise<PageOfAll> {
    const from = after === undefined ? ALL.from : Buffer.concat([Buffer.from(after, 'latin1'), BEFORE]);
    const keys = this.#tables.keys('subscriptions', { ...ALL, from, limit });
    const found = keys.flatMap((key) => this.#rows.get(key) ?? []);
    return { found, ...(keys.length < limit ? {} : { next: keys.at(-1)!.toString('latin1') }) };
  }

  async acquire(tenant: TenantId, ref: DeliveryRef, lease: Lease, nowMs: number): Promise<Acquired> {
    const name = leaseName(tenant, ref);
    const held = this.#leases.get(name);
    if (held !== undefined && held.owner !== lease.owner && held.expiresAt > nowMs) {
      return { kind: 'held', expiresAt: held.expiresAt };
    }
    if (this.#alive.has(ref.uid)) this.#leases.set(name, lease);
    return { kind: 'acquired', delivery: this.#deliveries.get(deliveryKey(tenant, ref.uid, ref.partition)) };
  }

  async save(tenant: TenantId, ref: DeliveryRef, lease: Lease, delivery: Delivery): Promise<boolean> {
    const name = leaseName(tenant, ref);
    if (!this.#alive.has(ref.uid) || this.#leases.get(name)?.owner !== lease.owner) return false;
    this.#leases.set(name, lease);
    const key = deliveryKey(tenant, ref.uid, ref.partition);
    await this.#writes.write((batch) => this.#deliveries.put(batch, key, delivery));
    return true;
  }

  async release(tenant: TenantId, ref: DeliveryRef, owner: string): Promise<void> {
    const name = leaseName(tenant, ref);
    if (this.#leases.get(name)?.owner === owner) this.#leases.delete(name);
  }

  async deliveries(tenant: TenantId, uid: string): Promise<Map<number, Delivery>> {
    const keys = this.#deliveryKeys(tenant, uid);
    return new Map(keys.map((key) => [key.readUInt32BE(key.length - 4), this.#deliveries.get(key)!]));
  }

  async addAttempts(tenant: TenantId, uid: string, added: readonly Attempt[], nowMs: number): Promise<void> {
    if (!this.#alive.has(uid)) return;
    await this.#writes.write((batch) => this.#attempts.add(batch, tenant, uid, added, nowMs));
  }

  async attempts(tenant: TenantId, uid: string, page: AttemptPage): Promise<Attempt[]> {
    return this.#attempts.list(tenant, uid, page);
  }

  #all(): Row[] {
    return this.#tables.keys('subscriptions', ALL).flatMap((key) => this.#rows.get(key) ?? []);
  }

  #get(tenant: TenantId, id: string): Subscription | undefined {
    return this.#rows.get(namedKey(tenant, id))?.subscription;
  }

  #put(tenant: TenantId, subscription: Subscription): Promise<void> {
    const key = namedKey(tenant, subscription.id);
    return this.#writes.write((batch) => this.#rows.put(batch, key, { tenant, subscription }));
  }

  #deliveryKeys(tenant: TenantId, uid: string): Buffer[] {
    const from = deliveryKey(tenant, uid);
    return this.#tables.keys('deliveries', { from, to: Buffer.concat([from, BEHIND, BEHIND]) });
  }
}
