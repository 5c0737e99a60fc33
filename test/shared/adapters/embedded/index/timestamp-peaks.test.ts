import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { IndexTables } from '../../../../../shared/adapters/embedded/index/index-tables.ts';
import type { Segment } from '../../../../../shared/adapters/embedded/index/partition-state.ts';
import { makeSegment } from '../../../../../shared/adapters/embedded/index/segment-codec.ts';
import {
  firstSegmentReaching,
  peakKeysBelow,
  writePeaks,
} from '../../../../../shared/adapters/embedded/index/timestamp-peaks.ts';
import { checkAsync } from '../../../../support/check.ts';
import { ACME, entryOf } from '../../../../support/index-fixtures.ts';
import { makeTestFolder, removeTestFolder } from '../support/test-folder.ts';

const folder = makeTestFolder();
const tables = new IndexTables(path.join(folder));
afterAll(async () => {
  await tables.close();
  removeTestFolder(folder);
});

let number = 0;

/** Segments of one entry each, stored in several checkpoints. */
const store = async (counts: readonly number[], timestamps: readonly number[]): Promise<Segment[]> => {
  number += 1;
  let baseOffset = 0;
  const segments = counts.map((count, at) => {
    const entries = [entryOf({ count, maxTimestamp: timestamps[at]! })];
    const segment = makeSegment(ACME, number, { baseOffset, bytesBefore: 0, entries });
    baseOffset += count;
    return segment;
  });
  for (let from = 0; from < segments.length; from += 7) {
    const some = segments.slice(from, from + 7);
    await tables.write((batch) => {
      for (const { key, value } of some) batch.putGuarded('segments', key, value);
      writePeaks(tables, batch, ACME, some);
    });
  }
  return segments;
};

const expected = (segments: readonly Segment[], start: number, timestamp: number): number | undefined =>
  segments.find(({ baseOffset, maxTimestamp }) => baseOffset >= start && maxTimestamp >= timestamp)?.baseOffset;

/** From a few records to so many that every level has something to do. */
const countArbitrary = fc.oneof(
  fc.integer({ min: 32, max: 200 }),
  fc.integer({ min: 32, max: 100_000 }),
  fc.integer({ min: 32, max: 2 ** 45 }),
);

describe('the search for a timestamp', () => {
  it('finds the first segment that reaches it, from any segment on, in any order of timestamps', async () => {
    const segmentArbitrary = fc.tuple(countArbitrary, fc.integer({ min: -5, max: 40 }));
    const property = fc.asyncProperty(fc.array(segmentArbitrary, { minLength: 1, maxLength: 60 }), async (drawn) => {
      const segments = await store(
        drawn.map(([count]) => count),
        drawn.map(([, timestamp]) => timestamp),
      );
      for (const { baseOffset: start } of segments) {
        for (const timestamp of [-5, 0, 10, 20, 30, 39, 41]) {
          const found = firstSegmentReaching({ tables, tenant: ACME, number, timestamp }, start);
          expect(found).toBe(expected(segments, start, timestamp));
        }
      }
    });
    await checkAsync(property, { numRuns: 12, seed: 7 });
  });

  it('looks at few rows however long the log is', async () => {
    const many = 4096;
    const segments = await store(Array(many).fill(32), [...Array(many - 1).fill(1), 9]);
    let rows = 0;
    const counting = {
      range: function* (...args: Parameters<IndexTables['range']>) {
        for (const row of tables.range(...args)) {
          rows += 1;
          yield row;
        }
      },
    } as unknown as IndexTables;
    const found = firstSegmentReaching({ tables: counting, tenant: ACME, number, timestamp: 5 }, 32);
    expect(found).toBe(segments.at(-1)!.baseOffset);
    expect(rows).toBeLessThan(200);
  });

  it('lists the buckets that end below an offset, for removal', async () => {
    await store(Array(200).fill(32), Array(200).fill(1));
    expect(peakKeysBelow(tables, ACME, number, 1024 * 2 + 5, 100)).toHaveLength(2);
    expect(peakKeysBelow(tables, ACME, number, 0, 100)).toHaveLength(0);
    expect(peakKeysBelow(tables, ACME, number, Number.MAX_SAFE_INTEGER, 5)).toHaveLength(5);
  });
});
