import type { TenantId } from '../../../contract/ids.ts';
import type { Head, PartitionRef } from '../../../ports/offset-store.ts';

/** One version of a partition. Never changed: the next version is another object, so that readers keep what is durable. */
export interface PartitionState {
  /** Names the partition's segments in the index. Given once, never again, so that what is left of a dropped partition meets nobody. */
  readonly number: number;
  readonly head: Head;
  /** Bytes of all entries since the beginning, trimmed ones too. */
  readonly appendedBytes: number;
}

/** Sealed entries, as they are stored. */
export interface Segment {
  /** Of its partition. */
  readonly number: number;
  readonly baseOffset: number;
  /** The offset behind its last record. */
  readonly endOffset: number;
  readonly maxTimestamp: number;
  /** Key and value in the index. */
  readonly key: Buffer;
  readonly value: Buffer;
}

/** A partition in memory. */
export interface Partition {
  readonly tenant: TenantId;
  readonly ref: PartitionRef;
  /** What is durable; undefined: there is no such partition. */
  state: PartitionState | undefined;
  /** Sealed, durable in the journal, not yet in the index; ascending. */
  pending: Segment[];
}

export const emptyState = (number: number): PartitionState => ({
  number,
  head: { fence: 0, logStartOffset: 0, baseOffset: 0, nextOffset: 0, tail: [], retainedBytes: 0 },
  appendedBytes: 0,
});

/** For errors and operators. */
export const placeOfPartition = (tenant: TenantId, ref: PartitionRef): string =>
  `index ${tenant}/${ref.topicId}/${ref.partition}`;
