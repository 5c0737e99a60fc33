import type { IndexEntry } from '../../../ports/offset-store.ts';
import { findSegment } from './find-segment.ts';
import type { IndexTables } from './index-tables.ts';
import type { Partition, PartitionState } from './partition-state.ts';
import { firstSegmentReaching } from './timestamp-peaks.ts';

interface Wanted {
  readonly timestamp: number;
  readonly logStartOffset: number;
}

const inEntries = (
  baseOffset: number,
  entries: readonly IndexEntry[],
  { timestamp, logStartOffset }: Wanted,
): number | undefined => {
  let base = baseOffset;
  for (const { count, maxTimestamp } of entries) {
    if (base + count > logStartOffset && maxTimestamp >= timestamp) return base;
    base += count;
  }
  return undefined;
};

/** The base offset of the first segment behind the one at `base` that reaches the timestamp. */
const nextSegment = (
  tables: IndexTables,
  partition: Partition,
  state: PartitionState,
  base: number,
  timestamp: number,
): number | undefined => {
  const { pending, tenant } = partition;
  const search = { tables, tenant, number: state.number, timestamp };
  const storedEnd = pending[0]?.baseOffset ?? state.head.baseOffset;
  const stored = base < storedEnd ? firstSegmentReaching(search, base) : undefined;
  if (stored !== undefined) return stored;
  return pending.find((segment) => segment.baseOffset >= base && segment.maxTimestamp >= timestamp)?.baseOffset;
};

const inSegments = (
  tables: IndexTables,
  partition: Partition,
  state: PartitionState,
  wanted: Wanted,
): number | undefined => {
  const at = (offset: number) => findSegment(tables, partition, state.number, partition.pending, offset);
  const first = at(wanted.logStartOffset);
  const inFirst = inEntries(first.baseOffset, first.entries, wanted);
  if (inFirst !== undefined || first.endOffset >= state.head.baseOffset) return inFirst;
  const base = nextSegment(tables, partition, state, first.endOffset, wanted.timestamp);
  return base === undefined ? undefined : inEntries(base, at(base).entries, wanted);
};

/** The port's `findTimestamp`. The first segment may be partly trimmed, so its entries are looked at one by one. */
export const findTimestamp = (tables: IndexTables, partition: Partition, timestamp: number): number | undefined => {
  const { state } = partition;
  if (state === undefined) return undefined;
  const { logStartOffset, baseOffset, nextOffset, tail } = state.head;
  const wanted = { timestamp, logStartOffset };
  const sealed = logStartOffset < baseOffset ? inSegments(tables, partition, state, wanted) : undefined;
  return sealed ?? inEntries(baseOffset, tail, wanted) ?? nextOffset;
};
