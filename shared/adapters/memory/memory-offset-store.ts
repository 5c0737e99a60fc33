import type { TenantId, TopicId } from '../../contract/ids.ts';
import type {
  AnswerOf,
  Append,
  AppendOutcome,
  AtomicOutcome,
  Head,
  IdempotencyRecord,
  OffsetStore,
  PartitionRef,
} from '../../ports/offset-store.ts';
import { createIdempotencyTable, type IdempotencyTable } from './idempotency-table.ts';
import { appendEntry, emptyPartition, type PartitionState, refusalOf, sealEntries } from './partition-state.ts';
import { readIndexPage } from './read-index.ts';
import { firstPeakFrom } from './timestamp-peaks.ts';
import { trimPartition } from './trim-partition.ts';

/** Every partition by tenant, topic and number. None of the three can hold a slash, so no two share a name. */
type Partitions = Map<string, PartitionState>;

const placeOf = (tenant: TenantId, topicId: TopicId, partition: number): string => `${tenant}/${topicId}/${partition}`;
const find = (partitions: Partitions, tenant: TenantId, ref: PartitionRef): PartitionState | undefined =>
  partitions.get(placeOf(tenant, ref.topicId, ref.partition));

const commitOne = (state: PartitionState | undefined, append: Append): AppendOutcome => {
  const refusal = refusalOf(state?.head, append);
  if (state === undefined || refusal !== undefined) return refusal ?? { kind: 'gone' };
  const baseOffset = state.head.nextOffset;
  return { kind: 'committed', baseOffset, head: appendEntry(state, append.entry) };
};

interface AtomicWrite {
  readonly tenant: TenantId;
  readonly topicId: TopicId;
  readonly appends: readonly Append[];
  readonly record: IdempotencyRecord;
  readonly answerOf: AnswerOf;
}

const commitAll = (partitions: Partitions, table: IdempotencyTable, write: AtomicWrite): AtomicOutcome => {
  const { tenant, topicId, appends, record, answerOf } = write;
  table.requireClaim(tenant, record);
  const states: PartitionState[] = [];
  for (const append of appends) {
    const { partition } = append;
    const state = find(partitions, tenant, { topicId, partition });
    const refusal = refusalOf(state?.head, append);
    if (refusal !== undefined) return { kind: 'refused', partition, refusal };
    if (state !== undefined) states.push(state);
  }
  const baseOffsets = states.map((state) => state.head.nextOffset);
  // Before anything is written: an answer that cannot be made must leave nothing behind.
  const answer = answerOf(baseOffsets);
  const heads = states.map((state, at) => appendEntry(state, appends[at]!.entry));
  table.finish(tenant, record, answer);
  return { kind: 'committed', baseOffsets, heads };
};

const sealTail = (state: PartitionState | undefined, baseOffset: number, count: number): 'sealed' | 'conflict' => {
  if (state === undefined || state.head.baseOffset !== baseOffset) return 'conflict';
  if (count === 0 || count > state.head.tail.length) return 'conflict';
  sealEntries(state, count);
  return 'sealed';
};

const bump = (state: PartitionState | undefined): Head | undefined => {
  if (state !== undefined) state.head = { ...state.head, fence: state.head.fence + 1 };
  return state?.head;
};

/** The protocol of the port, in one process and without a disk. Each method does all its work before its promise is made. */
export const createMemoryOffsetStore = (): OffsetStore => {
  const partitions: Partitions = new Map();
  const table = createIdempotencyTable();
  return {
    createPartitions: async (tenant, topicId, from, to) => {
      for (let partition = from; partition < to; partition += 1) {
        const place = placeOf(tenant, topicId, partition);
        if (!partitions.has(place)) partitions.set(place, emptyPartition());
      }
    },
    dropPartitions: async (tenant, topicId, count) => {
      for (let partition = 0; partition < count; partition += 1) partitions.delete(placeOf(tenant, topicId, partition));
    },
    commit: async (tenant, topicId, append) =>
      commitOne(partitions.get(placeOf(tenant, topicId, append.partition)), append),
    commitAtomic: async (tenant, topicId, appends, record, answerOf) =>
      commitAll(partitions, table, { tenant, topicId, appends, record, answerOf }),
    claim: async (tenant, record, now) => table.claim(tenant, record, now),
    release: async (tenant, key) => table.release(tenant, key),
    seal: async (tenant, ref, baseOffset, entries) =>
      sealTail(find(partitions, tenant, ref), baseOffset, entries.length),
    bumpFence: async (tenant, ref) => bump(find(partitions, tenant, ref)),
    trim: async (tenant, ref, beforeOffset) => {
      const state = find(partitions, tenant, ref);
      return state && trimPartition(state, beforeOffset);
    },
    readHead: async (tenant, ref) => find(partitions, tenant, ref)?.head,
    readHeads: async (tenant, refs) => refs.map((ref) => find(partitions, tenant, ref)?.head),
    readIndex: async (tenant, ref, offset, limit) => {
      const state = find(partitions, tenant, ref);
      return state && readIndexPage(state, offset, limit, placeOf(tenant, ref.topicId, ref.partition));
    },
    findTimestamp: async (tenant, ref, timestamp) => {
      const state = find(partitions, tenant, ref);
      return state && (firstPeakFrom(state.peaks, timestamp)?.baseOffset ?? state.head.nextOffset);
    },
  };
};
