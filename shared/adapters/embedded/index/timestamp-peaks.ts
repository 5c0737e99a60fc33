import type { TenantId } from '../../../contract/ids.ts';
import type { IndexTables, TableWriter } from './index-tables.ts';
import { baseOffsetOfKey, peakKey, segmentKey } from './keys.ts';
import type { Segment } from './partition-state.ts';
import { segmentMaxTimestamp } from './segment-codec.ts';

/**
 * Finds the first segment from some offset on that reaches a timestamp, though timestamps may go up and down and the log start moves.
 * 1. A bucket of level k covers 2^(10 + 4k) offsets and knows the largest timestamp of the segments that begin in it.
 * 2. From the start segment climb: the rest of its bucket, then the later buckets of the same parent, then of the parent's parent …
 * 3. In the first bucket that reaches the timestamp, go down again.
 * A segment holds 32 records at least, so there are at most 32 segments, or 16 buckets, to look at on a level: 2 · 16 · 11 steps for
 * any log.
 * A bucket that is partly trimmed may promise too much; only the one that holds the start can be, and there step 2 looks inside.
 */
const LEVELS = 11;
const FIRST_BITS = 10;
const BITS = 4;

const width = (level: number): number => 2 ** (FIRST_BITS + BITS * level);

/** Ascending segments of one partition, about to be stored. */
export const writePeaks = (
  tables: IndexTables,
  batch: TableWriter,
  tenant: TenantId,
  segments: readonly Segment[],
): void => {
  for (let level = 0; level < LEVELS; level += 1) {
    const peaks = new Map<number, number>();
    for (const { baseOffset, maxTimestamp } of segments) {
      const bucket = Math.floor(baseOffset / width(level));
      peaks.set(bucket, Math.max(maxTimestamp, peaks.get(bucket) ?? Number.NEGATIVE_INFINITY));
    }
    for (const [bucket, peak] of peaks)
      writePeak(tables, batch, peakKey(tenant, segments[0]!.number, level, bucket), peak);
  }
};

const writePeak = (tables: IndexTables, batch: TableWriter, key: Buffer, peak: number): void => {
  const before = tables.get('peaks', key)?.readDoubleBE(0) ?? Number.NEGATIVE_INFINITY;
  if (peak <= before) return;
  const payload = Buffer.allocUnsafe(8);
  payload.writeDoubleBE(peak, 0);
  batch.put('peaks', key, payload);
};

interface Search {
  readonly tables: IndexTables;
  readonly tenant: TenantId;
  readonly number: number;
  readonly timestamp: number;
}

/** Among the segments that begin from `from` (inclusive) to `to` (exclusive). */
const inSegments = ({ tables, tenant, number, timestamp }: Search, from: number, to: number): number | undefined => {
  const range = { from: segmentKey(tenant, number, from), to: segmentKey(tenant, number, to) };
  for (const { key, payload } of tables.range('segments', range)) {
    if (segmentMaxTimestamp(payload) >= timestamp) return baseOffsetOfKey(key);
  }
  return undefined;
};

/** Among the buckets of `level` from number `from` (inclusive) to `to` (exclusive). */
const inBuckets = (search: Search, level: number, from: number, to: number): number | undefined => {
  const { tables, tenant, number, timestamp } = search;
  const range = { from: peakKey(tenant, number, level, from), to: peakKey(tenant, number, level, to) };
  for (const { key, payload } of tables.range('peaks', range)) {
    if (payload.readDoubleBE(0) < timestamp) continue;
    const found = inside(search, level, baseOffsetOfKey(key));
    if (found !== undefined) return found;
  }
  return undefined;
};

const inside = (search: Search, level: number, bucket: number): number | undefined => {
  if (level === 0) return inSegments(search, bucket * width(0), (bucket + 1) * width(0));
  return inBuckets(search, level - 1, bucket * 2 ** BITS, (bucket + 1) * 2 ** BITS);
};

/** The base offset of the first stored segment, from the one that begins at `start` on, that reaches the timestamp. */
export const firstSegmentReaching = (search: Search, start: number): number | undefined => {
  const first = inSegments(search, start, (Math.floor(start / width(0)) + 1) * width(0));
  if (first !== undefined) return first;
  for (let level = 0; level < LEVELS; level += 1) {
    const next = Math.floor(start / width(level)) + 1;
    const end = level === LEVELS - 1 ? 2 ** 53 : Math.ceil(next / 2 ** BITS) * 2 ** BITS;
    const found = inBuckets(search, level, next, end);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Keys of up to `limit` buckets that end below `offset`. */
export const peakKeysBelow = (
  tables: IndexTables,
  tenant: TenantId,
  number: number,
  offset: number,
  limit: number,
): Buffer[] => {
  const keys: Buffer[] = [];
  for (let level = 0; level < LEVELS && keys.length < limit; level += 1) {
    const to = peakKey(tenant, number, level, Math.floor(offset / width(level)));
    keys.push(...tables.keys('peaks', { from: peakKey(tenant, number, level, 0), to, limit: limit - keys.length }));
  }
  return keys;
};
