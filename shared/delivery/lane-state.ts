import type { TenantId } from '../contract/ids.ts';
import type { Delivery, DeliveryRef, Lease, Subscription } from '../ports/subscription-store.ts';
import { LONGEST_WAKE_UP_MS } from '../ports/wake-ups.ts';
import { AttemptLog } from './attempt-log.ts';
import { compileFilter } from './filter.ts';
import type { PushPorts } from './push-ports.ts';
import { Window, type WindowRules } from './window.ts';

/** Longer than a try may take, so that no try outlives its lease; it is prolonged when half of it is over. */
const LEASE_MS = 90_000;
const PROLONG_MS = 45_000;
/** Progress is stored this often; failures at once. */
const CHECKPOINT_MS = 1000;
/** Before a lease that somebody else holds is asked for again. */
const HELD_MS = 1000;
const MIB = 1024 * 1024;

const everything = (): boolean => true;

/** Why there is nothing to be done here. */
export type NotOurs =
  /** Somebody else has the lease; `at`: milliseconds since the epoch, when to ask for it again. */
  | { readonly kind: 'held'; readonly at: number }
  /** The partition, or this run of the subscription, is no longer there. */
  | { readonly kind: 'gone' };

const rulesOf = ({ filter, batch }: Subscription): WindowRules => ({
  passes: filter === undefined ? everything : compileFilter(filter),
  maxRecords: batch?.maxRecords ?? 1,
  maxBytes: MIB,
  maxWaitMs: batch?.maxWaitMs ?? 0,
});

/** Where a subscription stands in a partition, as this process sees it and as it is stored. Its lease is held meanwhile. */
export class LaneState {
  readonly attempts: AttemptLog;
  window: Window;
  failingSince: number | undefined;
  readonly #ports: PushPorts;
  readonly #tenant: TenantId;
  readonly #subscription: Subscription;
  readonly #ref: DeliveryRef;
  readonly #owner: string;
  readonly #rules: WindowRules;
  #lease: Lease | undefined;
  #dirtySince: number | undefined;
  #urgent = false;
  #wakeUpAt: number | undefined;

  constructor(ports: PushPorts, tenant: TenantId, subscription: Subscription, partition: number) {
    this.#ports = ports;
    this.#tenant = tenant;
    this.#subscription = subscription;
    this.#ref = { uid: subscription.uid, partition };
    this.#owner = ports.random.uuid();
    this.attempts = new AttemptLog(ports.random);
    this.#rules = rulesOf(subscription);
    this.window = this.#windowOf(undefined);
  }

  /** Milliseconds since the epoch, when what is known here has to be stored; undefined: all of it is. */
  get checkpointAt(): number | undefined {
    if (this.#dirtySince === undefined) return undefined;
    return this.#urgent ? this.#dirtySince : this.#dirtySince + CHECKPOINT_MS;
  }

  /** Something has to be stored before anything else is sent. */
  get isUrgent(): boolean {
    return this.#urgent;
  }

  /** Makes sure of the lease. Undefined: it is ours. */
  async hold(): Promise<NotOurs | undefined> {
    const { clock, subscriptions } = this.#ports;
    const now = clock.now();
    if (this.#lease !== undefined && this.#lease.expiresAt - now > PROLONG_MS) return undefined;
    const lease = this.#newLease(now);
    const acquired = await subscriptions.acquire(this.#tenant, this.#ref, lease, now);
    if (acquired.kind === 'held') {
      this.#lease = undefined;
      // Whoever holds it may be done before it ends.
      return { kind: 'held', at: Math.min(acquired.expiresAt, now + HELD_MS) };
    }
    // Ours without a gap: what is in memory is newer than what is stored.
    const lapsed = this.#lease === undefined || this.#lease.expiresAt <= now;
    this.#lease = lease;
    if (!lapsed) return undefined;
    this.#load(acquired.delivery);
    if (await this.#isCurrent()) return undefined;
    await this.release();
    return { kind: 'gone' };
  }

  /** Whoever waited for a lease may get it because the subscription was deleted, and would begin it all over. */
  async #isCurrent(): Promise<boolean> {
    const { id, uid, epoch } = this.#subscription;
    const now = await this.#ports.subscriptions.get(this.#tenant, id);
    return now?.uid === uid && now.epoch === epoch && now.status === 'active';
  }

  /** Something is to be stored; `urgent`: before anything else happens. */
  touch(urgent = false): void {
    this.#dirtySince ??= this.#ports.clock.now();
    this.#urgent ||= urgent;
  }

  /** Whether somebody has to be asked to come back then, which is noted: not where one who was asked comes before. */
  callBack(at: number): boolean {
    const now = this.#ports.clock.now();
    if (this.#lease === undefined || at - now > LONGEST_WAKE_UP_MS) return false;
    const known = this.#wakeUpAt ?? 0;
    if (known > now && known <= at) return false;
    this.#wakeUpAt = at;
    this.touch();
    return true;
  }

  /** Stores what is not stored yet. False: somebody else holds the lease, or the subscription is gone. */
  async save(): Promise<boolean> {
    if (this.#lease === undefined) return false;
    if (this.#dirtySince === undefined) return true;
    const { clock, subscriptions } = this.#ports;
    const now = clock.now();
    this.#dirtySince = undefined;
    this.#urgent = false;
    const lease = this.#newLease(now);
    const attempts = this.attempts.take();
    try {
      const [saved] = await Promise.all([
        subscriptions.save(this.#tenant, this.#ref, lease, this.#delivery()),
        attempts.length > 0 && subscriptions.addAttempts(this.#tenant, this.#ref.uid, attempts, now),
      ]);
      this.#lease = saved ? lease : undefined;
      return saved;
    } catch (error) {
      this.touch(true);
      throw error;
    }
  }

  /** What could not be stored is done again; that has not to wait for the lease to end. */
  async saveAndRelease(): Promise<boolean> {
    try {
      return await this.save();
    } finally {
      await this.release();
    }
  }

  async release(): Promise<void> {
    if (this.#lease === undefined) return;
    this.#lease = undefined;
    await this.#ports.subscriptions.release(this.#tenant, this.#ref, this.#owner);
  }

  #newLease(now: number): Lease {
    return { owner: this.#owner, expiresAt: now + LEASE_MS };
  }

  #load(delivery: Delivery | undefined): void {
    const { epoch, forgivenAt } = this.#subscription;
    const ours = delivery !== undefined && delivery.epoch === epoch ? delivery : undefined;
    this.window = this.#windowOf(ours);
    this.#wakeUpAt = ours?.wakeUpAt;
    const { failingSince } = ours ?? {};
    this.failingSince = failingSince !== undefined && failingSince >= forgivenAt ? failingSince : undefined;
  }

  #windowOf(delivery: Delivery | undefined): Window {
    const rules = this.#rules;
    const { startOffsets, forgivenAt } = this.#subscription;
    const committedOffset = startOffsets[this.#ref.partition] ?? 0;
    if (delivery === undefined) return new Window(rules, { committedOffset, done: [], retries: [] });
    const retries = delivery.retries.map((retry) =>
      retry.failedAt >= forgivenAt ? retry : { ...retry, attempts: 0, nextTryAt: forgivenAt },
    );
    return new Window(rules, { ...delivery, retries });
  }

  #delivery(): Delivery {
    const { window, failingSince } = this;
    const { open } = window;
    const wakeUpAt = this.#wakeUpAt;
    return {
      epoch: this.#subscription.epoch,
      committedOffset: window.committedOffset,
      done: window.doneRanges,
      retries: window.retries,
      ...(failingSince === undefined ? {} : { failingSince }),
      ...(open === undefined ? {} : { open }),
      ...(wakeUpAt === undefined ? {} : { wakeUpAt }),
    };
  }
}
