import type { Filter } from '../contract/filter.ts';
import type { SubscriptionId, TenantId, TopicId, TopicName } from '../contract/ids.ts';
import type { DeliveryFormat, From, Outcome } from '../contract/subscription.ts';
import type { NamePage } from './topic-registry.ts';

/** A signing secret as it is kept: sealed, and opened only to sign. */
export interface SealedSecret {
  readonly sealed: string;
  /** Milliseconds since the epoch, when a rotation's overlap ends; absent: as long as the subscription. */
  readonly expiresAt?: number;
}

export interface Endpoint {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Asked for leave before the first delivery (CloudEvents' web hook specification, section 4). */
  readonly handshake?: boolean;
}

export interface Retry {
  /** Absent: until the endpoint has failed for days. */
  readonly maxAttempts?: number;
  readonly scheduleMs: readonly number[];
  /** The schedule is the default: some chance is added to it. */
  readonly jitter: boolean;
  readonly timeoutMs: number;
}

export interface Batch {
  readonly maxRecords: number;
  readonly maxWaitMs: number;
}

/** A subscription as it is stored. Every write of it makes another `revision`. */
export interface Subscription {
  readonly id: SubscriptionId;
  /** A UUID: one that was made again under the same id shares nothing with its predecessor. */
  readonly uid: string;
  readonly revision: number;
  readonly topic: TopicName;
  readonly topicId: TopicId;
  readonly endpoint: Endpoint;
  readonly from: From;
  readonly filter?: Filter;
  readonly format: DeliveryFormat;
  readonly batch?: Batch;
  readonly retry: Retry;
  readonly deadLetterTopic?: TopicName;
  readonly maxInFlight: number;
  readonly rateLimit?: number;
  readonly status: 'active' | 'paused';
  readonly statusReason?: string;
  /** The newest first. */
  readonly secrets: readonly SealedSecret[];
  /** Counts the starts; a delivery of an older epoch is history. */
  readonly epoch: number;
  /** Where each partition begins in this epoch; those behind its end begin at 0. */
  readonly startOffsets: readonly number[];
  /** Milliseconds since the epoch: failures before this are forgiven, and tried again at once. */
  readonly forgivenAt: number;
  /** The endpoint gave leave, for this address. */
  readonly grantedUrl?: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Records, or a batch of them, that were tried and have to be tried again. */
export interface PendingRetry {
  /** The first offset that it covers, and the one behind its last. */
  readonly from: number;
  readonly to: number;
  /** Tries so far. */
  readonly attempts: number;
  /** Milliseconds since the epoch. */
  readonly failedAt: number;
  readonly nextTryAt: number;
}

/** Where a subscription stands in one partition. */
export interface Delivery {
  readonly epoch: number;
  /** Everything before it is done with. */
  readonly committedOffset: number;
  /** Ranges behind it that are done too: the first offset, and the one behind the last. */
  readonly done: readonly (readonly [number, number])[];
  readonly retries: readonly PendingRetry[];
  /** Milliseconds since the epoch; absent: the last try succeeded. */
  readonly failingSince?: number;
  /** A batch that waits for more records: its first offset, and when it was begun, in milliseconds since the epoch. */
  readonly open?: { readonly from: number; readonly seenAt: number };
  /** Milliseconds since the epoch: somebody was asked to come back then. */
  readonly wakeUpAt?: number;
}

export interface DeliveryRef {
  /** Of the subscription. */
  readonly uid: string;
  readonly partition: number;
}

export interface Lease {
  /** Names one run of one worker, and no other ever. */
  readonly owner: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface Attempt {
  /** A UUID of version 7: they sort by their time. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly partition: number;
  readonly offset: number;
  readonly lastOffset: number;
  /** 1 is the first. */
  readonly attempt: number;
  readonly outcome: Outcome;
  readonly webhookId: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number;
  readonly response: string;
  readonly nextTryAt: number | null;
}

export interface TenantSubscription {
  readonly tenant: TenantId;
  readonly subscription: Subscription;
}

/** Some of all tenants' subscriptions. */
export interface PageOfAll {
  readonly found: readonly TenantSubscription[];
  /** Where the next page begins; absent: there is none. */
  readonly next?: string;
}

export type Acquired =
  | { readonly kind: 'acquired'; readonly delivery: Delivery | undefined }
  /** Another owner's lease holds until then. */
  | { readonly kind: 'held'; readonly expiresAt: number };

export interface AttemptPage {
  readonly before?: string;
  readonly limit: number;
}

/** Of each subscription these many tries are kept, and failures for so long. */
export const ATTEMPTS_KEPT = 100;
export const FAILURES_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Push subscriptions, where they stand, and what was tried. Laws:
 * 1. A resolved write is durable, but for leases where one process alone can hold the store: those end with it.
 * 2. Writes of a subscription are conditional on what the caller saw.
 * 3. A partition of a subscription has one owner at a time: only the holder of the lease saves, and a lease that has expired is anybody's.
 * 4. Tenant first: a ref of one tenant names nothing for another.
 */
export interface SubscriptionStore {
  /** False: the id is taken, nothing changed. */
  create(tenant: TenantId, subscription: Subscription): Promise<boolean>;
  get(tenant: TenantId, id: SubscriptionId): Promise<Subscription | undefined>;
  /** In the order of the ids. */
  list(tenant: TenantId, page: NamePage): Promise<Subscription[]>;
  /** False: what is stored is no longer of the revision of `seen`. */
  replace(tenant: TenantId, seen: Subscription, next: Subscription): Promise<boolean>;
  /** With its deliveries and attempts. False: there is none of this id and uid. */
  remove(tenant: TenantId, subscription: Subscription): Promise<boolean>;
  /** Those to one topic, for the workers; in no order. */
  ofTopic(tenant: TenantId, topicId: TopicId): Promise<Subscription[]>;
  /** Of all tenants, for the workers alone, in an order of the store's own; `after`: what a page before called its `next`. */
  pageOfAll(page: { readonly after?: string | undefined; readonly limit: number }): Promise<PageOfAll>;

  /** Takes the lease if it is free, expired or the caller's own. */
  acquire(tenant: TenantId, ref: DeliveryRef, lease: Lease, nowMs: number): Promise<Acquired>;
  /** Stores the delivery and prolongs the lease. False: the lease is somebody else's, or the subscription is gone; nothing changed. */
  save(tenant: TenantId, ref: DeliveryRef, lease: Lease, delivery: Delivery): Promise<boolean>;
  /** Gives the lease free if it is the caller's. */
  release(tenant: TenantId, ref: DeliveryRef, owner: string): Promise<void>;
  /** What was saved of a subscription, by partition; whoever holds the leases. */
  deliveries(tenant: TenantId, uid: string): Promise<Map<number, Delivery>>;

  /** Keeps the newest `ATTEMPTS_KEPT` and the failures since `FAILURES_KEPT_MS`, at least. */
  addAttempts(tenant: TenantId, uid: string, attempts: readonly Attempt[], nowMs: number): Promise<void>;
  /** The newest first; `before`: older than the attempt of this id. */
  attempts(tenant: TenantId, uid: string, page: AttemptPage): Promise<Attempt[]>;
}
