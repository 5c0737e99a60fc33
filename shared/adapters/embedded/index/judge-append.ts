import type { TenantId, TopicId } from '../../../contract/ids.ts';
import type {
  AnswerOf,
  Append,
  AppendOutcome,
  AtomicOutcome,
  Head,
  IdempotencyRecord,
  Refusal,
} from '../../../ports/offset-store.ts';
import { TAIL_LIMIT } from '../../../ports/offset-store.ts';
import type { Appended } from '../journal/operation.ts';
import { NotWrittenError } from '../not-written-error.ts';
import { perform, type WritableIndex } from './writable-index.ts';

/** Why this append may not be written; where several reasons hold, the first in the order of the port's `Refusal`. */
const refusalOf = (head: Head | undefined, append: Append): Refusal | undefined => {
  if (head === undefined) return { kind: 'gone' };
  if (append.fence !== head.fence) return { kind: 'fenced', head };
  if (head.tail.length >= TAIL_LIMIT) return { kind: 'full', head };
  const { expectedOffset } = append;
  if (expectedOffset !== undefined && expectedOffset !== head.nextOffset) return { kind: 'offset_mismatch', head };
  return undefined;
};

const headOf = ({ state, draft }: WritableIndex, tenant: TenantId, topicId: TopicId, partition: number) =>
  draft.stateOf(state.find(tenant, { topicId, partition }))?.head;

interface Target {
  readonly tenant: TenantId;
  readonly topicId: TopicId;
  readonly baseOffset: number;
}

/** @throws {NotWrittenError} when the bytes of the batch were lost on their way to the disk. */
const appendOf = ({ isLost }: WritableIndex, target: Target, { partition, entry }: Append): Appended => {
  if (isLost(entry.blob)) throw new NotWrittenError();
  const { tenant, topicId, baseOffset } = target;
  return { kind: 'append', tenant, ref: { topicId, partition }, baseOffset, entry };
};

export const judgeCommit = (
  index: WritableIndex,
  tenant: TenantId,
  topicId: TopicId,
  append: Append,
): AppendOutcome => {
  const head = headOf(index, tenant, topicId, append.partition);
  const refusal = refusalOf(head, append);
  if (head === undefined || refusal !== undefined) return refusal ?? { kind: 'gone' };
  const baseOffset = head.nextOffset;
  perform(index, [appendOf(index, { tenant, topicId, baseOffset }, append)]);
  return { kind: 'committed', baseOffset, head: headOf(index, tenant, topicId, append.partition)! };
};

export interface AtomicCommit {
  readonly tenant: TenantId;
  readonly topicId: TopicId;
  readonly appends: readonly Append[];
  readonly record: IdempotencyRecord;
  readonly answerOf: AnswerOf;
}

/** Everything is judged, and the answer made, before the first operation: what throws or is refused leaves nothing behind. */
export const judgeAtomicCommit = (index: WritableIndex, commit: AtomicCommit): AtomicOutcome => {
  const { tenant, topicId, appends, record, answerOf } = commit;
  if (new Set(appends.map(({ partition }) => partition)).size < appends.length) {
    throw new TypeError('Two appends of one commit name the same partition.');
  }
  const baseOffsets: number[] = [];
  for (const append of appends) {
    const head = headOf(index, tenant, topicId, append.partition);
    const refusal = refusalOf(head, append);
    if (refusal !== undefined) return { kind: 'refused', partition: append.partition, refusal };
    baseOffsets.push(head!.nextOffset);
  }
  const answer = answerOf(baseOffsets);
  const operations = appends.map((append, at) =>
    appendOf(index, { tenant, topicId, baseOffset: baseOffsets[at]! }, append),
  );
  perform(index, [...operations, { kind: 'answer', tenant, ...record, answer }]);
  const heads = appends.map(({ partition }) => headOf(index, tenant, topicId, partition)!);
  return { kind: 'committed', baseOffsets, heads };
};
