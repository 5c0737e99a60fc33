import { IndexDamagedError } from '../../../ports/offset-store.ts';
import type { IndexTables } from './index-tables.ts';
import { numberKey, segmentKey } from './keys.ts';
import { type Partition, placeOfPartition, type Segment } from './partition-state.ts';
import { decodeSegment, openSegment, type SegmentContent } from './segment-codec.ts';

/** The last of these that begins at or before `offset`. */
const lastBefore = (segments: readonly Segment[], offset: number): Segment | undefined => {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (segments[middle]!.baseOffset <= offset) low = middle + 1;
    else high = middle;
  }
  return segments[low - 1];
};

const stored = (
  tables: IndexTables,
  partition: Partition,
  number: number,
  offset: number,
): SegmentContent | undefined => {
  const from = segmentKey(partition.tenant, number, offset);
  const to = numberKey(partition.tenant, number);
  for (const { key, payload } of tables.range('segments', { from, to, reverse: true, limit: 1 })) {
    return decodeSegment(key, payload);
  }
  return undefined;
};

/**
 * The segment that holds `offset`, which must be below the tail. `recent` are the newest ones, not in the tables yet.
 * @throws {IndexDamagedError} when there is none.
 */
export const findSegment = (
  tables: IndexTables,
  partition: Partition,
  number: number,
  recent: readonly Segment[],
  offset: number,
): SegmentContent => {
  const pending = lastBefore(recent, offset);
  const found = pending === undefined ? stored(tables, partition, number, offset) : openSegment(pending);
  if (found === undefined || offset >= found.endOffset) {
    throw new IndexDamagedError(`${placeOfPartition(partition.tenant, partition.ref)} offset ${offset}`);
  }
  return found;
};
