import type { TenantId } from '../../../contract/ids.ts';
import { IndexDamagedError, type PartitionRef } from '../../../ports/offset-store.ts';
import type { Appended, Created, Dropped, Fenced, Operation, Sealed, Trimmed } from '../journal/operation.ts';
import type { Draft } from './draft.ts';
import { emptyState, type Partition, type PartitionState, placeOfPartition } from './partition-state.ts';
import { makeSegment } from './segment-codec.ts';

export type FindPartition = (tenant: TenantId, ref: PartitionRef) => Partition;

interface OfPartition {
  readonly tenant: TenantId;
  readonly ref: PartitionRef;
}

const mustBe = (holds: boolean, { tenant, ref }: OfPartition): void => {
  if (!holds) throw new IndexDamagedError(placeOfPartition(tenant, ref));
};

const bytesOf = (entries: PartitionState['head']['tail']): number =>
  entries.reduce((sum, entry) => sum + entry.length, 0);

const append = (state: PartitionState, operation: Appended): PartitionState => {
  const { head, appendedBytes } = state;
  const { entry } = operation;
  mustBe(head.nextOffset === operation.baseOffset, operation);
  return {
    ...state,
    head: {
      ...head,
      nextOffset: head.nextOffset + entry.count,
      tail: [...head.tail, entry],
      retainedBytes: head.retainedBytes + entry.length,
    },
    appendedBytes: appendedBytes + entry.length,
  };
};

const seal = (draft: Draft, partition: Partition, state: PartitionState, operation: Sealed): PartitionState => {
  const { head, number, appendedBytes } = state;
  const { baseOffset, tail } = head;
  mustBe(baseOffset === operation.baseOffset && tail.length >= operation.count, operation);
  const entries = tail.slice(0, operation.count);
  const segment = makeSegment(partition.tenant, number, {
    baseOffset,
    bytesBefore: appendedBytes - bytesOf(tail),
    entries,
  });
  draft.segments.push([partition, segment]);
  return { ...state, head: { ...head, baseOffset: segment.endOffset, tail: tail.slice(operation.count) } };
};

const trim = (draft: Draft, state: PartitionState, operation: Trimmed): PartitionState => {
  const { logStartOffset, retainedBytes, deadBelow: below } = operation;
  draft.dead.push({ tenant: operation.tenant, number: state.number, below });
  return { ...state, head: { ...state.head, logStartOffset, retainedBytes } };
};

const change = (draft: Draft, find: FindPartition, operation: Appended | Sealed | Fenced | Trimmed): void => {
  const partition = find(operation.tenant, operation.ref);
  const state = draft.stateOf(partition);
  if (state === undefined) throw new IndexDamagedError(placeOfPartition(operation.tenant, operation.ref));
  draft.states.set(partition, changed(draft, partition, state, operation));
};

const changed = (
  draft: Draft,
  partition: Partition,
  state: PartitionState,
  operation: Appended | Sealed | Fenced | Trimmed,
): PartitionState => {
  switch (operation.kind) {
    case 'append':
      return append(state, operation);
    case 'seal':
      return seal(draft, partition, state, operation);
    case 'fence':
      return { ...state, head: { ...state.head, fence: operation.fence } };
    case 'trim':
      return trim(draft, state, operation);
  }
};

const create = (draft: Draft, find: FindPartition, { tenant, topicId, from, to, firstNumber }: Created): void => {
  for (let partition = from; partition < to; partition += 1) {
    const found = find(tenant, { topicId, partition });
    if (draft.stateOf(found) === undefined) draft.states.set(found, emptyState(firstNumber + partition - from));
  }
  draft.nextNumber = firstNumber + to - from;
};

const drop = (draft: Draft, find: FindPartition, { tenant, topicId, partitions }: Dropped): void => {
  for (let partition = 0; partition < partitions; partition += 1) {
    const found = find(tenant, { topicId, partition });
    const state = draft.stateOf(found);
    if (state !== undefined) {
      draft.dead.push({ tenant, number: state.number, below: Number.MAX_SAFE_INTEGER });
      draft.states.set(found, undefined);
    }
  }
};

/** The one place where a state changes: for a new operation, and for one that comes back from the journal. */
export const applyOperation = (draft: Draft, find: FindPartition, operation: Operation): void => {
  switch (operation.kind) {
    case 'blob':
      return;
    case 'answer':
      draft.answers.push(operation);
      return;
    case 'delete':
      draft.deletions.push(operation);
      return;
    case 'create':
      create(draft, find, operation);
      return;
    case 'drop':
      drop(draft, find, operation);
      return;
    default:
      change(draft, find, operation);
  }
};
