import type { ChasquiError } from '../contract/errors.ts';
import type { TenantId, TopicId } from '../contract/ids.ts';
import type { Replication } from '../ports/blob-store.ts';
import type { AnswerOf, IdempotencyRecord } from '../ports/offset-store.ts';
import type { StampedRecord } from './record-batch/encode-batch.ts';

/** The records of one request that go to one partition, in order. */
export interface Part {
  readonly partition: number;
  readonly records: readonly StampedRecord[];
}

export interface AppendRequest {
  readonly tenant: TenantId;
  readonly topicId: TopicId;
  /** Each to another partition. */
  readonly parts: readonly Part[];
  /** Of the records' bytes; left out: one copy. */
  readonly replication?: Replication | undefined;
  /** How long they are kept, in milliseconds; undefined: for ever. */
  readonly keepMs: number | undefined;
  /** Only with a single part. */
  readonly expectedOffset?: number | undefined;
  /** All parts are committed in one step together with this record. The claim is held. */
  readonly idempotency?: IdempotentAppend | undefined;
}

export interface IdempotentAppend {
  readonly record: IdempotencyRecord;
  /** What is kept for a repeat. */
  readonly answerOf: AnswerOf;
  /** The base offsets, in the order of the parts, read back from a kept answer. */
  readonly baseOffsetsOf: (answer: Uint8Array) => readonly number[];
}

export type PartOutcome =
  | { readonly kind: 'stored'; readonly baseOffset: number }
  | { readonly kind: 'failed'; readonly error: ChasquiError };
