import { describe, expect, it } from 'vitest';
import { planReads, readPlanned } from '../../../../shared/adapters/placement/plan-reads.ts';
import type { BlobSlice } from '../../../../shared/ports/blob-store.ts';

const sliceOf = (blob: string, position: number, length: number): BlobSlice => ({
  blob: { kind: 'standard', id: blob, zones: 0 },
  position,
  length,
});

describe('planReads', () => {
  it('reads neighbours, overlaps and near neighbours of one blob together, and no others', () => {
    const slices = [
      sliceOf('b', 1000, 10),
      sliceOf('a', 0, 100),
      sliceOf('a', 100, 50),
      sliceOf('a', 20, 10),
      sliceOf('a', 32_000, 10),
      sliceOf('a', 100_000, 10),
      sliceOf('b', 0, 0),
    ];
    const reads = planReads(slices).map(({ slice, start, end, serves }) => [slice.blob.id, start, end, serves]);
    expect(reads).toEqual([
      ['a', 0, 32_010, [1, 3, 2, 4]],
      ['a', 100_000, 100_010, [5]],
      ['b', 1000, 1010, [0]],
    ]);
  });

  it('keeps no more than 32 reads under way', async () => {
    const slices = Array.from({ length: 100 }, (_, at) => sliceOf(`blob ${at}`, at, 1));
    let [underWay, most] = [0, 0];
    const read = await readPlanned(slices, async ({ start }) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return Uint8Array.of(start);
    });
    expect(read.map(([byte]) => byte)).toEqual(slices.map((_, at) => at));
    expect(most).toBe(32);
  });
});
