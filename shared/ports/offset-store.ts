import type { TenantId, TopicId } from '../contract/ids.ts';
import type { BlobSlice } from './blob-store.ts';

/** `SEAL` entries of a tail are sealed together; at most `4 * SEAL` fit (design 4.3). */
export const SEAL = 32;
export const TAIL_LIMIT = 4 * SEAL;

export interface PartitionRef {
  readonly topicId: TopicId;
  readonly partition: number;
}

/** What one commit added: where its record batches are, and how many records they hold. Names no offset: its place in the index does. */
export interface IndexEntry extends BlobSlice {
  /** Records; their offsets follow each other. */
  readonly count: number;
  /** Of its records, in milliseconds. */
  readonly maxTimestamp: number;
  /**
   * When it was stored, in milliseconds since the epoch; left out where the blob's id tells. Kept by stores whose ids do not.
   */
  readonly storedAt?: number;
}

/** The one item of a partition that every commit writes. */
export interface Head {
  readonly fence: number;
  readonly logStartOffset: number;
  /** The offset of the tail's first record; everything before it is in sealed segments. */
  readonly baseOffset: number;
  /** The high watermark. */
  readonly nextOffset: number;
  readonly tail: readonly IndexEntry[];
  /** Bytes of the entries that hold a record at or behind the log start. */
  readonly retainedBytes: number;
}

export interface Append {
  readonly partition: number;
  readonly entry: IndexEntry;
  /** As last seen; a commit with an old one is refused. */
  readonly fence: number;
  /** Refuse unless this is the high watermark. */
  readonly expectedOffset?: number;
}

export type Refusal =
  | { readonly kind: 'fenced'; readonly head: Head }
  /** The tail holds `TAIL_LIMIT` entries: seal first. */
  | { readonly kind: 'full'; readonly head: Head }
  | { readonly kind: 'offset_mismatch'; readonly head: Head }
  /** No such partition: its topic was deleted, or never had it. */
  | { readonly kind: 'gone' };

export type AppendOutcome = { readonly kind: 'committed'; readonly baseOffset: number; readonly head: Head } | Refusal;

export interface IdempotencyRecord {
  readonly key: string;
  /** SHA-256 over method, path, query and body. */
  readonly fingerprint: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** An answer whose time ends by then does not count for `claim`, as if it had passed already. */
  readonly voidUntil?: number;
}

/**
 * Given the base offset of every append, in order, the answer that is to be kept. Given none, what was decided before any offset: whoever
 * goes on with a commit that was begun is told it.
 */
export type AnswerOf = (baseOffsets: readonly number[]) => Uint8Array;

export type AtomicOutcome =
  /** No head where a call before this one had committed the append. */
  | {
      readonly kind: 'committed';
      readonly baseOffsets: readonly number[];
      readonly heads: readonly (Head | undefined)[];
    }
  /** Another call with the same claim was first. */
  | { readonly kind: 'answered'; readonly answer: Uint8Array }
  /** `partition` says whose condition failed. Nothing was written, or, where it was `begun`, other partitions were. */
  | { readonly kind: 'refused'; readonly partition: number; readonly refusal: Refusal; readonly begun?: true };

export type Claim =
  | { readonly kind: 'claimed' }
  | { readonly kind: 'in_flight' }
  /**
   * A call with this key has committed some of its appends and is gone. If its fingerprint is this record's, the claim is now this call's:
   * it has to go on with the same appends to the same topic. `answer` is what `answerOf` gave of no offsets.
   */
  | {
      readonly kind: 'begun';
      readonly fingerprint: Uint8Array;
      readonly topicId: TopicId;
      readonly answer: Uint8Array;
    }
  | { readonly kind: 'done'; readonly fingerprint: Uint8Array; readonly answer: Uint8Array };

/** Entries that follow each other without a gap. */
export interface IndexPage {
  readonly logStartOffset: number;
  /** The high watermark: nothing behind it may be shown. */
  readonly nextOffset: number;
  /** The offset of the first record of `entries[0]`; meaningless when there are none. */
  readonly baseOffset: number;
  readonly entries: readonly IndexEntry[];
}

/** The answer to a write was lost: it may have happened, or may yet happen. Only a bumped fence settles it (design 4.3). */
export class UnknownOutcomeError extends Error {
  constructor(options?: ErrorOptions) {
    super('The outcome of a write is not known.', options);
    this.name = 'UnknownOutcomeError';
  }
}

/** The index contradicts itself or fails its checksum. `place` says where, for the operator's log. */
export class IndexDamagedError extends Error {
  readonly place: string;

  constructor(place: string, options?: ErrorOptions) {
    super(`The index is damaged at ${place}.`, options);
    this.name = 'IndexDamagedError';
    this.place = place;
  }
}

/**
 * Offsets and index of every partition. Its shape is the DynamoDB protocol's (design 4.3): one conditional write commits, full
 * tails are sealed into segments, a lost answer is settled by the fence. Laws:
 * 1. Per partition, commits take effect one at a time; offsets are dense, start at 0 and are never used twice.
 * 2. A resolved write is durable: a process that is killed, or a machine that loses its power, still has it.
 * 3. Reads see what is durable, and always a prefix of the log.
 * 4. No method resends a write whose answer was lost, unless doing it twice is the same as doing it once. A write that rejects with
 *    `UnknownOutcomeError` may have happened; with anything else it has not.
 */
export interface OffsetStore {
  /** Makes empty partitions `from` (inclusive) to `to` (exclusive). Those that exist stay as they are. */
  createPartitions(tenant: TenantId, topicId: TopicId, from: number, to: number): Promise<void>;
  /** From now on every call for these partitions finds nothing. Idempotent. */
  dropPartitions(tenant: TenantId, topicId: TopicId, partitions: number): Promise<void>;

  /** The commit point: one conditional write. */
  commit(tenant: TenantId, topicId: TopicId, append: Append): Promise<AppendOutcome>;
  /**
   * All appends (each to another partition) and the idempotency record, or nothing. The answer is what a later `claim` of the key is
   * told; the claim must be held. Whoever holds it and fails must `release` it. An adapter that cannot write so many at once does it in
   * steps, each of them all or nothing: a call that ends between two of them leaves its key `begun`, with an error or a refusal that
   * says so, and every append is committed once in the end, whoever goes on.
   */
  commitAtomic(
    tenant: TenantId,
    topicId: TopicId,
    appends: readonly Append[],
    record: IdempotencyRecord,
    answerOf: AnswerOf,
  ): Promise<AtomicOutcome>;
  /**
   * Takes the key for this request. A record past its `expiresAt` does not count, nor does one that ends by the caller's `voidUntil`. A claim that is neither committed nor released ends
   * with the process, or after a minute.
   */
  claim(tenant: TenantId, record: IdempotencyRecord, now: number): Promise<Claim>;
  release(tenant: TenantId, key: string): Promise<void>;

  /**
   * Moves the first entries of the tail into a segment: atomic, and refused unless the tail still begins at `baseOffset`. The entries
   * are the ones that the caller saw there.
   */
  seal(
    tenant: TenantId,
    ref: PartitionRef,
    baseOffset: number,
    entries: readonly IndexEntry[],
  ): Promise<'sealed' | 'conflict'>;
  /** After it has resolved, no commit that carries an older fence can land. */
  bumpFence(tenant: TenantId, ref: PartitionRef): Promise<Head | undefined>;
  /** Moves the log start forward (never back), at most to the high watermark; answers the head as it stands then. */
  trim(tenant: TenantId, ref: PartitionRef, beforeOffset: number): Promise<Head | undefined>;

  readHead(tenant: TenantId, ref: PartitionRef): Promise<Head | undefined>;
  /** One answer for each ref, in order. */
  readHeads(tenant: TenantId, refs: readonly PartitionRef[]): Promise<(Head | undefined)[]>;
  /**
   * The entry that holds `offset` and up to `limit - 1` behind it; fewer where a segment ends. None when `offset` is not from the log
   * start to below the high watermark.
   * @throws {IndexDamagedError} rather than leave a gap.
   */
  readIndex(tenant: TenantId, ref: PartitionRef, offset: number, limit: number): Promise<IndexPage | undefined>;
  /**
   * The base offset of the first entry at or behind the log start whose `maxTimestamp` is at least `timestamp`, or the high
   * watermark. Not slower than logarithmic in the log's length.
   */
  findTimestamp(tenant: TenantId, ref: PartitionRef, timestamp: number): Promise<number | undefined>;
}
