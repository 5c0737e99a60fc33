import type { TopicId, TopicName } from './ids.ts';

export interface Topic {
  readonly name: TopicName;
  readonly id: TopicId;
  readonly partitions: number;
  /** -1: for ever. */
  readonly retentionMs: number;
  /** Per partition; -1: no bound. */
  readonly retentionBytes: number;
  readonly cleanupPolicy: 'delete' | 'compact';
  readonly replicationFactor: number;
  readonly writeQuorum: number;
  /** RFC 3339. */
  readonly createdAt: string;
  /**
   * When `retentionMs` was last raised, in milliseconds since the epoch; left out once every batch that was stored before is kept for as
   * long (see `BlobKeeping`). Not shown.
   */
  readonly raisedAt?: number;
}
