import type { TenantId, TopicId } from '../../../contract/ids.ts';
import type { IndexEntry, PartitionRef } from '../../../ports/offset-store.ts';

interface OfPartition {
  readonly tenant: TenantId;
  readonly ref: PartitionRef;
}

/** The next blob of the group: its length and CRC-32, for recovery. */
export interface BlobWritten {
  readonly kind: 'blob';
  readonly length: number;
  readonly crc: number;
}

export interface Appended extends OfPartition {
  readonly kind: 'append';
  /** The high watermark before. */
  readonly baseOffset: number;
  readonly entry: IndexEntry;
}

/** The answer to a request with an idempotency key; its appends are in the same group. */
export interface Answered {
  readonly kind: 'answer';
  readonly tenant: TenantId;
  readonly key: string;
  readonly fingerprint: Uint8Array;
  readonly expiresAt: number;
  readonly answer: Uint8Array;
}

export interface Sealed extends OfPartition {
  readonly kind: 'seal';
  readonly baseOffset: number;
  /** Entries. */
  readonly count: number;
}

export interface Fenced extends OfPartition {
  readonly kind: 'fence';
  readonly fence: number;
}

export interface Trimmed extends OfPartition {
  readonly kind: 'trim';
  readonly logStartOffset: number;
  readonly retainedBytes: number;
  /** Segments that begin before this offset hold nothing that is kept. */
  readonly deadBelow: number;
}

export interface Created {
  readonly kind: 'create';
  readonly tenant: TenantId;
  readonly topicId: TopicId;
  readonly from: number;
  readonly to: number;
  /** The number that partition `from` gets, should it be new; the others count on. */
  readonly firstNumber: number;
}

export interface Dropped {
  readonly kind: 'drop';
  readonly tenant: TenantId;
  readonly topicId: TopicId;
  readonly partitions: number;
}

export interface BlobDeleted {
  readonly kind: 'delete';
  readonly tenant: TenantId;
  readonly id: string;
}

/** What a group did: effects, not requests. Replaying them in order makes the same state again. */
export type Operation = BlobWritten | Appended | Answered | Sealed | Fenced | Trimmed | Created | Dropped | BlobDeleted;
