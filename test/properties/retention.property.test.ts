import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retain } from '../../shared/log/retain.ts';
import { checkAsync } from '../support/check.ts';
import { ACME, headOf } from '../support/index-fixtures.ts';
import { createLogUnderTest, recordOf } from '../support/log-under-test.ts';

/** What a partition holds, as plainly as can be. */
interface Stored {
  readonly baseOffset: number;
  readonly count: number;
  readonly bytes: number;
  readonly storedAt: number;
}

type Step =
  | { readonly do: 'append'; readonly sizes: readonly number[]; readonly timestamp: number | undefined }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'trim'; readonly part: number }
  | { readonly do: 'retain'; readonly retentionMs: number; readonly retentionBytes: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      sizes: fc.array(fc.nat(300), { minLength: 1, maxLength: 4 }),
      timestamp: fc.option(fc.oneof(fc.constant(0), fc.constant(-5), fc.constant(4_102_444_800_000)), {
        nil: undefined,
      }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(100_000) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('trim' as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('retain' as const),
      retentionMs: fc.oneof(fc.constant(-1), fc.integer({ min: 1, max: 300_000 })),
      retentionBytes: fc.oneof(fc.constant(-1), fc.integer({ min: 1, max: 3000 })),
    }),
  },
);

/** Where the log start should be: decided entry by entry, oldest first. */
const startAfter = (
  stored: readonly Stored[],
  start: number,
  now: number,
  { retentionMs, retentionBytes }: Extract<Step, { do: 'retain' }>,
): number => {
  const held = stored.filter(({ baseOffset, count }) => baseOffset + count > start);
  let [left, end] = [held.reduce((sum, { bytes }) => sum + bytes, 0), start];
  for (const { baseOffset, count, bytes, storedAt } of held) {
    const isOld = retentionMs >= 0 && now - storedAt > retentionMs;
    const isTooMuch = retentionBytes >= 0 && left - bytes >= retentionBytes;
    if (!isOld && !isTooMuch) break;
    left -= bytes;
    end = baseOffset + count;
  }
  return end;
};

const run = async (steps: readonly Step[]): Promise<void> => {
  const log = await createLogUnderTest(1);
  const { clock, offsets } = log.ports;
  const ref = { topicId: log.topic.id, partition: 0 };
  const stored: Stored[] = [];
  let [start, next] = [0, 0];
  for (const each of steps) {
    if (each.do === 'append') {
      const before = (await headOf(offsets, ref)).retainedBytes;
      const fields = each.timestamp === undefined ? {} : { timestamp: each.timestamp };
      await log.produce(each.sizes.map((size) => recordOf('x'.repeat(size), fields)));
      const bytes = (await headOf(offsets, ref)).retainedBytes - before;
      stored.push({ baseOffset: next, count: each.sizes.length, bytes, storedAt: clock.now() });
      next += each.sizes.length;
    } else if (each.do === 'wait') await clock.advance(each.ms);
    else if (each.do === 'trim') {
      start = Math.max(start, Math.floor(each.part * next));
      await offsets.trim(ACME, ref, start);
    } else {
      const expected = startAfter(stored, start, clock.now(), each);
      const head = await headOf(offsets, ref);
      expect(
        await retain(log.ports, { tenant: ACME, ref, head, ...each, knownSince: 0, isStillSo: async () => true }),
      ).toEqual({
        removed: expected - start,
        rest: undefined,
      });
      start = expected;
    }
    expect(await offsets.readHead(ACME, ref)).toMatchObject({ logStartOffset: start, nextOffset: next });
  }
  expect(await log.values()).toHaveLength(next - start);
};

describe('retention', () => {
  it('removes exactly what is too old or too much, whatever was stored and trimmed before', async () => {
    await checkAsync(fc.asyncProperty(fc.array(step, { maxLength: 60 }), run), { numRuns: 150 });
  });
});
