import type { DeadSegments } from './draft.ts';
import type { IndexTables, TableWriter } from './index-tables.ts';
import { numberKey, readNumberKey, segmentKey } from './keys.ts';
import { peakKeysBelow } from './timestamp-peaks.ts';

const EVERYTHING = { from: Buffer.alloc(1), to: Buffer.alloc(1, 0xff) };

export const hasDead = (tables: IndexTables): boolean => tables.keys('dead', { ...EVERYTHING, limit: 1 }).length > 0;

/**
 * Removes up to `limit` segments that were trimmed or dropped, and the peaks above them. Records of the dead that this checkpoint itself
 * writes are not looked at: their last segments may be in the same transaction.
 * @returns whether something is left to remove.
 */
export const sweepDead = (tables: IndexTables, batch: TableWriter, limit: number): boolean => {
  let left = limit;
  for (const { key, payload } of tables.range('dead', { ...EVERYTHING, limit })) {
    const dead = { ...readNumberKey(key), below: payload.readDoubleBE(0) };
    const removed = removeSegments(tables, batch, dead, left);
    left -= removed + 1;
    if (left <= 0) return true;
    batch.remove('dead', numberKey(dead.tenant, dead.number));
  }
  return false;
};

const removeSegments = (tables: IndexTables, batch: TableWriter, dead: DeadSegments, limit: number): number => {
  const { tenant, number, below } = dead;
  const range = { from: segmentKey(tenant, number, 0), to: segmentKey(tenant, number, below), limit };
  const segments = tables.keys('segments', range);
  for (const key of segments) batch.remove('segments', key);
  if (segments.length === limit) return limit;
  const peaks = peakKeysBelow(tables, tenant, number, below, limit - segments.length);
  for (const key of peaks) batch.remove('peaks', key);
  return segments.length + peaks.length;
};
