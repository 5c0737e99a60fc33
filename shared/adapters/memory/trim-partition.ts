import type { Head, IndexEntry } from '../../ports/offset-store.ts';
import type { PartitionState } from './partition-state.ts';
import { notePeak, type Peak } from './timestamp-peaks.ts';

interface PlacedEntry {
  readonly baseOffset: number;
  readonly endOffset: number;
  readonly entry: IndexEntry;
}

function* placedFrom(baseOffset: number, entries: readonly IndexEntry[]): Generator<PlacedEntry> {
  let offset = baseOffset;
  for (const entry of entries) {
    yield { baseOffset: offset, endOffset: offset + entry.count, entry };
    offset += entry.count;
  }
}

/** Every entry that is still kept, sealed or not, in the order of the log. */
function* placedEntries({ segments, head }: PartitionState): Generator<PlacedEntry> {
  for (const segment of segments) yield* placedFrom(segment.baseOffset, segment.entries);
  yield* placedFrom(head.baseOffset, head.tail);
}

/**
 * Moves the log start and forgets the segments before it. The tail stays as it is: a writer that settles a lost answer looks there,
 * and a sealer that is under way cuts there.
 */
export const trimPartition = (state: PartitionState, beforeOffset: number): Head => {
  const { head } = state;
  const logStartOffset = Math.min(beforeOffset, head.nextOffset);
  if (logStartOffset <= head.logStartOffset) return head;
  let { retainedBytes } = head;
  const peaks: Peak[] = [];
  for (const { baseOffset, endOffset, entry } of placedEntries(state)) {
    if (endOffset > logStartOffset) notePeak(peaks, { baseOffset, maxTimestamp: entry.maxTimestamp });
    else if (endOffset > head.logStartOffset) retainedBytes -= entry.length;
  }
  state.peaks = peaks;
  state.segments = state.segments.filter((segment) => segment.endOffset > logStartOffset);
  state.head = { ...head, logStartOffset, retainedBytes };
  return state.head;
};
