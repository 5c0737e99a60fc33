import type { Append, Head, IndexEntry, Refusal } from '../../ports/offset-store.ts';
import { TAIL_LIMIT } from '../../ports/offset-store.ts';
import { notePeak, type Peak } from './timestamp-peaks.ts';

/** Entries that were sealed together; the records from `baseOffset` to below `endOffset`. */
export interface Segment {
  readonly baseOffset: number;
  readonly endOffset: number;
  readonly entries: readonly IndexEntry[];
}

/** One partition. Its head is replaced at every write, never changed, so that a head once handed out stays as it was. */
export interface PartitionState {
  head: Head;
  segments: Segment[];
  peaks: Peak[];
}

export const emptyPartition = (): PartitionState => ({
  head: { fence: 0, logStartOffset: 0, baseOffset: 0, nextOffset: 0, tail: [], retainedBytes: 0 },
  segments: [],
  peaks: [],
});

/** Why this append may not be written; where several reasons hold, the first in the order of the port's `Refusal`. */
export const refusalOf = (head: Head | undefined, append: Append): Refusal | undefined => {
  if (head === undefined) return { kind: 'gone' };
  if (append.fence !== head.fence) return { kind: 'fenced', head };
  if (head.tail.length >= TAIL_LIMIT) return { kind: 'full', head };
  const { expectedOffset } = append;
  if (expectedOffset !== undefined && expectedOffset !== head.nextOffset) return { kind: 'offset_mismatch', head };
  return undefined;
};

export const appendEntry = (state: PartitionState, entry: IndexEntry): Head => {
  const { head } = state;
  notePeak(state.peaks, { baseOffset: head.nextOffset, maxTimestamp: entry.maxTimestamp });
  state.head = {
    ...head,
    nextOffset: head.nextOffset + entry.count,
    tail: [...head.tail, entry],
    retainedBytes: head.retainedBytes + entry.length,
  };
  return state.head;
};

/** Cuts the first `count` entries off the tail, into a segment. */
export const sealEntries = (state: PartitionState, count: number): void => {
  const { head } = state;
  const entries = head.tail.slice(0, count);
  const endOffset = entries.reduce((offset, entry) => offset + entry.count, head.baseOffset);
  state.segments.push({ baseOffset: head.baseOffset, endOffset, entries });
  state.head = { ...head, baseOffset: endOffset, tail: head.tail.slice(count) };
};
