import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeSealedState,
  encodeSealedState,
  NOTHING_SEALED,
  type SealedState,
} from '../../../../../shared/adapters/dynamodb/encoding/sealed-state.ts';
import { FAN_OUT, findPeak, sealOne } from '../../../../../shared/adapters/dynamodb/encoding/time-index.ts';
import { checkAsync } from '../../../../support/check.ts';

/** A time index in memory, and how many buckets were read of it. */
const build = (peaks: readonly number[]) => {
  const buckets = new Map<string, number[]>();
  let state: SealedState = NOTHING_SEALED;
  for (const peak of peaks) {
    const { next, notes } = sealOne(state, peak, 100);
    for (const note of notes) {
      const bucket = buckets.get(`${note.level}/${note.bucket}`) ?? [];
      if (bucket.length !== note.place) throw new Error(`A note for place ${note.place} of ${bucket.length}.`);
      bucket.push(note.peak);
      buckets.set(`${note.level}/${note.bucket}`, bucket);
    }
    state = next;
  }
  const reads: string[] = [];
  const read = async (level: number, bucket: number, count: number): Promise<number[]> => {
    reads.push(`${level}/${bucket}`);
    const found = buckets.get(`${level}/${bucket}`) ?? [];
    expect(found.length).toBeGreaterThanOrEqual(count);
    return found;
  };
  return { state, reads, find: (first: number, time: number) => findPeak(read, first, peaks.length, time) };
};

const expected = (peaks: readonly number[], first: number, time: number): number | undefined => {
  const at = peaks.findIndex((peak, place) => place >= first && peak >= time);
  return at === -1 ? undefined : at;
};

describe('the time index', () => {
  it('finds what a look at every segment would find', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.nat(50), { minLength: 1, maxLength: 300 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(51),
      async (peaks, share, time) => {
        const first = Math.floor(share * (peaks.length + 1));
        expect(await build(peaks).find(first, time)).toBe(expected(peaks, first, time));
      },
    );
    await checkAsync(property, { numRuns: 150, seed: 20_251_009 });
  });

  it('reads two buckets a level and no more in a log of 270,000 segments', async () => {
    const peaks = Array.from(
      { length: FAN_OUT ** 3 + 5 * FAN_OUT ** 2 + 7 * FAN_OUT + 9 },
      (_, at) => (at * 7919) % 1000,
    );
    peaks[peaks.length - 3] = 5000;
    peaks[FAN_OUT ** 2 + 11] = 4000;
    const { find, reads, state } = build(peaks);
    for (const [first, time] of [
      [0, 4000],
      [0, 5000],
      [77_777, 4000],
      [FAN_OUT ** 3 - 1, 5000],
      [1, 6000],
      [peaks.length, 0],
    ] as const) {
      reads.length = 0;
      expect(await find(first, time)).toBe(expected(peaks, first, time));
      expect(reads.length).toBeLessThanOrEqual(8);
    }
    expect(state.segments).toBe(peaks.length);
    expect(state.bytes).toBe(100 * peaks.length);
  });

  it('keeps what the head has to know in about 20 bytes', () => {
    const { state } = build(Array.from({ length: 5000 }, (_, at) => 1_760_000_000_000 + at * 1000));
    const stored = encodeSealedState(state);
    expect(decodeSealedState(stored)).toEqual(state);
    expect(stored.length).toBeLessThanOrEqual(20);
    expect(decodeSealedState(encodeSealedState(NOTHING_SEALED))).toEqual(NOTHING_SEALED);
  });
});
