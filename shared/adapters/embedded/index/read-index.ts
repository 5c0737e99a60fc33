import type { IndexEntry, IndexPage } from '../../../ports/offset-store.ts';
import { findSegment } from './find-segment.ts';
import type { IndexState } from './index-state.ts';
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
  { tables, opened }: Pick<IndexState, 'tables' | 'opened'>,
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
  const { tenant, pending } = partition;
  const read = () => findSegment(tables, partition, state.number, pending, offset);
  const segment = opened.find(tenant, state.number, offset, read);
  return { logStartOffset, nextOffset, ...cutRun(segment.baseOffset, segment.entries, offset, limit) };
};
