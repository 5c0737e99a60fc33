import type { TenantId, TopicId } from '../../../contract/ids.ts';
import type { Head, PartitionRef } from '../../../ports/offset-store.ts';
import type { Partition, PartitionState } from './partition-state.ts';
import { retainedFrom } from './retained-bytes.ts';
import { perform, type WritableIndex } from './writable-index.ts';

interface Found {
  readonly partition: Partition;
  readonly state: PartitionState;
}

const lookUp = ({ state, draft }: WritableIndex, tenant: TenantId, ref: PartitionRef): Found | undefined => {
  const partition = state.find(tenant, ref);
  const version = draft.stateOf(partition);
  return version && { partition, state: version };
};

export const judgeSeal = (
  index: WritableIndex,
  tenant: TenantId,
  ref: PartitionRef,
  baseOffset: number,
  count: number,
): 'sealed' | 'conflict' => {
  const head = lookUp(index, tenant, ref)?.state.head;
  if (head === undefined || head.baseOffset !== baseOffset) return 'conflict';
  if (count === 0 || count > head.tail.length) return 'conflict';
  perform(index, [{ kind: 'seal', tenant, ref, baseOffset, count }]);
  return 'sealed';
};

export const judgeFence = (index: WritableIndex, tenant: TenantId, ref: PartitionRef): Head | undefined => {
  const head = lookUp(index, tenant, ref)?.state.head;
  if (head === undefined) return undefined;
  perform(index, [{ kind: 'fence', tenant, ref, fence: head.fence + 1 }]);
  return lookUp(index, tenant, ref)?.state.head;
};

export const judgeTrim = (
  index: WritableIndex,
  tenant: TenantId,
  ref: PartitionRef,
  beforeOffset: number,
): Head | undefined => {
  const found = lookUp(index, tenant, ref);
  if (found === undefined) return undefined;
  const { head } = found.state;
  const logStartOffset = Math.min(beforeOffset, head.nextOffset);
  if (logStartOffset <= head.logStartOffset) return head;
  const recent = [...found.partition.pending, ...index.draft.segmentsOf(found.partition)];
  const kept = retainedFrom(index.state.tables, found.partition, found.state, recent, logStartOffset);
  perform(index, [{ kind: 'trim', tenant, ref, logStartOffset, ...kept }]);
  return lookUp(index, tenant, ref)?.state.head;
};

/** Those that exist stay as they are; when all do, there is nothing to write. */
export const judgeCreate = (
  index: WritableIndex,
  tenant: TenantId,
  topicId: TopicId,
  from: number,
  to: number,
): void => {
  for (let partition = from; partition < to; partition += 1) {
    if (lookUp(index, tenant, { topicId, partition }) === undefined) {
      const firstNumber = index.draft.nextNumber;
      perform(index, [{ kind: 'create', tenant, topicId, from, to, firstNumber }]);
      return;
    }
  }
};

export const judgeDrop = (index: WritableIndex, tenant: TenantId, topicId: TopicId, partitions: number): void => {
  for (let partition = 0; partition < partitions; partition += 1) {
    if (lookUp(index, tenant, { topicId, partition }) !== undefined) {
      perform(index, [{ kind: 'drop', tenant, topicId, partitions }]);
      return;
    }
  }
};
