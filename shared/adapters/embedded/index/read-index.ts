import type { IndexEntry, IndexPage } from '../../../ports/offset-store.ts';
import { findSegment } from './find-segment.ts';
import type { IndexTables } from './index-tables.ts';
import type { Partition } from './partition-state.ts';

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

export const readIndexPage = (
  tables: IndexTables,
  partition: Partition,
  offset: number,
  limit: number,
): IndexPage | undefined => {
  const { state } = partition;
  if (state === undefined) return undefined;
  const { logStartOffset, nextOffset, baseOffset, tail } = state.head;
  if (!(offset >= logStartOffset && offset < nextOffset)) {
    return { logStartOffset, nextOffset, baseOffset: nextOffset, entries: [] };
  }
  if (offset >= baseOffset) return { logStartOffset, nextOffset, ...cutRun(baseOffset, tail, offset, limit) };
  const segment = findSegment(tables, partition, state.number, partition.pending, offset);
  return { logStartOffset, nextOffset, ...cutRun(segment.baseOffset, segment.entries, offset, limit) };
};
