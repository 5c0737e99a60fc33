import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planReads } from '../../../../../shared/adapters/embedded/journal/read-plan.ts';
import { check } from '../../../../support/check.ts';

const KIB = 1024;
const ranges = (...pairs: [position: number, length: number][]) =>
  pairs.map(([position, length], at) => ({ position, length, at }));
const spans = (...pairs: [number, number][]) =>
  planReads(ranges(...pairs)).map(({ position, length }) => [position, length]);

describe('planReads', () => {
  it('reads neighbours, and what lies close together, at once', () => {
    expect(spans([0, 10], [10, 5])).toEqual([[0, 15]]);
    expect(spans([100 * KIB, 10], [0, 40 * KIB])).toEqual([[0, 100 * KIB + 10]]);
    expect(spans([0, 10], [10 + 64 * KIB, 1])).toEqual([[0, 11 + 64 * KIB]]);
  });

  it('does not read over a wide gap, nor more than a few megabytes at once', () => {
    expect(spans([0, 10], [11 + 64 * KIB, 1])).toHaveLength(2);
    expect(spans([0, 3000 * KIB], [3000 * KIB, 3000 * KIB])).toHaveLength(2);
    expect(spans([0, 9000 * KIB])).toEqual([[0, 9000 * KIB]]);
  });

  it('covers every range once, in whatever order they come', () => {
    const range = fc.tuple(fc.nat(1_000_000), fc.nat(100_000));
    const property = fc.property(fc.array(range, { maxLength: 40 }), (pairs) => {
      const reads = planReads(ranges(...pairs));
      const seen = reads.flatMap(({ position, length, wanted }) => {
        for (const inside of wanted) {
          expect(inside.position).toBeGreaterThanOrEqual(position);
          expect(inside.position + inside.length).toBeLessThanOrEqual(position + length);
        }
        return wanted.map(({ at }) => at);
      });
      expect(seen.sort((a, b) => a - b)).toEqual(pairs.map((_, at) => at));
    });
    check(property, { seed: 11 });
  });
});
