import type { IndexEntry } from '../../../ports/offset-store.ts';
import { findSegment } from './find-segment.ts';
import type { IndexTables } from './index-tables.ts';
import type { Partition, PartitionState, Segment } from './partition-state.ts';

const bytesOf = (entries: readonly IndexEntry[]): number => entries.reduce((sum, entry) => sum + entry.length, 0);

/** Bytes of the entries that hold nothing from `offset` on. */
const bytesBelow = (baseOffset: number, entries: readonly IndexEntry[], offset: number): number => {
  let base = baseOffset;
  let bytes = 0;
  for (const { count, length } of entries) {
    base += count;
    if (base > offset) return bytes;
    bytes += length;
  }
  return bytes;
};

export interface Retained {
  readonly retainedBytes: number;
  /** Segments that begin before this offset hold nothing from the log start on. */
  readonly deadBelow: number;
}

/** What is left when the log starts at `offset`. One look-up: every segment knows the bytes before it. */
export const retainedFrom = (
  tables: IndexTables,
  partition: Partition,
  { number, head, appendedBytes }: PartitionState,
  recent: readonly Segment[],
  offset: number,
): Retained => {
  const { baseOffset, tail } = head;
  if (offset >= baseOffset) {
    return { retainedBytes: bytesOf(tail) - bytesBelow(baseOffset, tail, offset), deadBelow: baseOffset };
  }
  const segment = findSegment(tables, partition, number, recent, offset);
  const gone = segment.bytesBefore + bytesBelow(segment.baseOffset, segment.entries, offset);
  return { retainedBytes: appendedBytes - gone, deadBelow: segment.baseOffset };
};
