import { describe, expect, it } from 'vitest';
import { createSeededRandom } from './seeded-random.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('createSeededRandom', () => {
  it('gives the same for the same seed and other things for another', () => {
    const draw = (seed: number): unknown[] => {
      const random = createSeededRandom(seed);
      return [random.fraction(), [...random.bytes(8)], random.uuid()];
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('spreads fractions evenly over [0, 1)', () => {
    const random = createSeededRandom(3);
    const buckets = Array<number>(10).fill(0);
    for (let draw = 0; draw < 10_000; draw += 1) buckets[Math.floor(random.fraction() * 10)]! += 1;
    expect(Math.min(...buckets)).toBeGreaterThan(850);
  });

  it('makes version 7 UUIDs that rise and never repeat', () => {
    const random = createSeededRandom();
    const uuids = Array.from({ length: 300 }, () => random.uuid());
    for (const uuid of uuids) expect(uuid).toMatch(UUID_V7);
    expect([...new Set(uuids)].sort()).toEqual(uuids);
  });
});
