import type { IndexEntry, IndexPage } from '../../ports/offset-store.ts';
import { IndexDamagedError } from '../../ports/offset-store.ts';
import type { PartitionState, Segment } from './partition-state.ts';

/** The last segment that begins at or before `offset`. */
const segmentBefore = (segments: readonly Segment[], offset: number): Segment | undefined => {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (segments[middle]!.baseOffset <= offset) low = middle + 1;
    else high = middle;
  }
  return segments[low - 1];
};

type Run = Pick<IndexPage, 'baseOffset' | 'entries'>;

/** The entry that holds `offset` and up to `limit - 1` behind it, out of entries that follow each other from `baseOffset`. */
const cutRun = (baseOffset: number, entries: readonly IndexEntry[], offset: number, limit: number): Run => {
  let base = baseOffset;
  let first = 0;
  while (first < entries.length && base + entries[first]!.count <= offset) {
    base += entries[first]!.count;
    first += 1;
  }
  return { baseOffset: base, entries: entries.slice(first, first + limit) };
};

/** @throws {IndexDamagedError} when neither the tail nor a segment holds an offset that the head promises. */
export const readIndexPage = (state: PartitionState, offset: number, limit: number, place: string): IndexPage => {
  const { logStartOffset, nextOffset, baseOffset, tail } = state.head;
  if (!(offset >= logStartOffset && offset < nextOffset)) {
    return { logStartOffset, nextOffset, baseOffset: nextOffset, entries: [] };
  }
  if (offset >= baseOffset) return { logStartOffset, nextOffset, ...cutRun(baseOffset, tail, offset, limit) };
  const segment = segmentBefore(state.segments, offset);
  if (segment === undefined || offset >= segment.endOffset) throw new IndexDamagedError(`${place} offset ${offset}`);
  return { logStartOffset, nextOffset, ...cutRun(segment.baseOffset, segment.entries, offset, limit) };
};
