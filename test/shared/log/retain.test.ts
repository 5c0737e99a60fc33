import { describe, expect, it } from 'vitest';
import { retain } from '../../../shared/log/retain.ts';
import { ACME, headOf } from '../../support/index-fixtures.ts';
import { createLogUnderTest, type LogUnderTest, recordOf } from '../../support/log-under-test.ts';

const HOUR_MS = 3_600_000;
const DEFAULTS = { retentionMs: -1, retentionBytes: -1, knownSince: 0, isStillSo: async () => true };

const open = async () => {
  const log = await createLogUnderTest(1);
  const ref = { topicId: log.topic.id, partition: 0 };
  return {
    log,
    ref,
    /** Entries of one record each, one an hour. */
    fill: async (values: readonly string[], timestamp?: number): Promise<void> => {
      for (const value of values) {
        await log.produce([recordOf(value, timestamp === undefined ? {} : { timestamp })]);
        await log.ports.clock.advance(HOUR_MS);
      }
    },
    /** How many records went, and whether that was all. */
    retain: async (policy: { retentionMs?: number; retentionBytes?: number }) => {
      const head = await headOf(log.ports.offsets, ref);
      const call = { tenant: ACME, ref, head, ...DEFAULTS, ...policy };
      const { removed, rest } = await retain(log.ports, call);
      return { removed, isDone: rest === undefined };
    },
  };
};

const bytesOf = async ({ ports, topic }: LogUnderTest): Promise<number> =>
  (await headOf(ports.offsets, { topicId: topic.id, partition: 0 })).retainedBytes;

describe('retain', () => {
  it('removes what was stored longer ago than the topic keeps, and nothing else', async () => {
    const { log, fill, retain } = await open();
    await fill(['0', '1', '2', '3', '4']);
    expect(await retain({ retentionMs: 3 * HOUR_MS })).toEqual({ removed: 2, isDone: true });
    expect(await log.values()).toEqual(['2', '3', '4']);
    expect(await retain({ retentionMs: 3 * HOUR_MS })).toEqual({ removed: 0, isDone: true });
    await log.ports.clock.advance(1);
    expect(await retain({ retentionMs: 3 * HOUR_MS })).toEqual({ removed: 1, isDone: true });
    await log.ports.clock.advance(HOUR_MS * 100);
    expect(await retain({ retentionMs: 3 * HOUR_MS })).toEqual({ removed: 2, isDone: true });
    expect(await log.values()).toEqual([]);
    const [next] = await log.produce([recordOf('5')]);
    expect(next).toMatchObject({ offset: 5 });
  });

  it.each([
    ['history that is loaded', 981_158_400_000],
    ['a clock that is ahead', 4_102_444_800_000],
    ['times before the epoch', -1],
    ['the time of half a minute ago', 1_759_999_970_000],
    ['the time in half a minute', 1_760_000_030_000],
  ])('counts from when a record was stored, not from its timestamp: %s', async (_, timestamp) => {
    const { log, fill, retain } = await open();
    await fill(['0', '1', '2'], timestamp);
    expect(await retain({ retentionMs: 2 * HOUR_MS })).toEqual({ removed: 1, isDone: true });
    expect(await log.values()).toEqual(['1', '2']);
  });

  it('keeps at least the bytes that are asked for', async () => {
    const { log, fill, retain } = await open();
    await fill(['0', '1', '2', '3', '4']);
    const each = (await bytesOf(log)) / 5;
    expect(await retain({ retentionBytes: 5 * each })).toEqual({ removed: 0, isDone: true });
    expect(await retain({ retentionBytes: 4 * each + 1 })).toEqual({ removed: 0, isDone: true });
    expect(await retain({ retentionBytes: 4 * each })).toEqual({ removed: 1, isDone: true });
    expect(await retain({ retentionBytes: 2.5 * each })).toEqual({ removed: 1, isDone: true });
    expect(await bytesOf(log)).toBe(3 * each);
    expect(await log.values()).toEqual(['2', '3', '4']);
  });

  it('removes by whichever of both bounds goes further', async () => {
    const { log, fill, retain } = await open();
    await fill(['0', '1', '2', '3', '4']);
    const each = (await bytesOf(log)) / 5;
    await retain({ retentionMs: 4 * HOUR_MS, retentionBytes: 2 * each });
    expect(await log.values()).toEqual(['3', '4']);
    await retain({ retentionMs: HOUR_MS, retentionBytes: 100 * each });
    expect(await log.values()).toEqual(['4']);
  });

  it('removes nothing where there is no bound, nothing of nothing, and nothing of a topic that is gone meanwhile', async () => {
    const { log, ref, fill, retain: retainNow } = await open();
    expect(await retainNow({ retentionMs: 1 })).toEqual({ removed: 0, isDone: true });
    await fill(['0']);
    expect(await retainNow({})).toEqual({ removed: 0, isDone: true });
    const head = await headOf(log.ports.offsets, ref);
    await log.ports.offsets.dropPartitions(ACME, ref.topicId, 1);
    const call = { tenant: ACME, ref, head, ...DEFAULTS, retentionMs: 1 };
    expect(await retain(log.ports, call)).toEqual({ removed: 0, rest: undefined });
  });

  it('takes what nobody has noted the time of as stored when it became known', async () => {
    const log = await createLogUnderTest(1);
    const ref = { topicId: log.topic.id, partition: 0 };
    const blob = { kind: 'memory', id: '00000000-0000-4000-8000-000000000000', zones: 0 } as const;
    const entry = { blob, position: 0, length: 10, count: 1, maxTimestamp: 0 };
    await log.ports.offsets.commit(ACME, ref.topicId, { partition: 0, entry, fence: 0 });
    const call = { tenant: ACME, ref, head: await headOf(log.ports.offsets, ref), ...DEFAULTS, retentionMs: HOUR_MS };
    const now = log.ports.clock.now();
    expect(await retain(log.ports, { ...call, knownSince: now - HOUR_MS })).toMatchObject({ removed: 0 });
    expect(await retain(log.ports, { ...call, knownSince: now - HOUR_MS - 1 })).toMatchObject({ removed: 1 });
  });

  it('removes nothing where the topic says something else by then', async () => {
    const { log, ref, fill } = await open();
    await fill(['0', '1']);
    const call = { tenant: ACME, ref, head: await headOf(log.ports.offsets, ref), ...DEFAULTS, retentionMs: 1 };
    expect(await retain(log.ports, { ...call, isStillSo: async () => false })).toMatchObject({ removed: 0 });
    expect(await log.values()).toEqual(['0', '1']);
  });

  it('takes an entry as a whole, also one that the log start stands in', async () => {
    const { log, ref, retain } = await open();
    await log.produce([recordOf('0'), recordOf('1'), recordOf('2')]);
    await log.ports.clock.advance(HOUR_MS);
    await log.produce([recordOf('3')]);
    await log.ports.offsets.trim(ACME, ref, 1);
    expect(await retain({ retentionMs: HOUR_MS })).toEqual({ removed: 0, isDone: true });
    await log.ports.clock.advance(1);
    expect(await retain({ retentionMs: HOUR_MS })).toEqual({ removed: 2, isDone: true });
    expect(await log.values()).toEqual(['3']);
  });

  it('does a bounded part of the work, and says that there is more', async () => {
    const { log, retain } = await open();
    for (let at = 0; at < 1500; at += 1) await log.produce([recordOf(`${at}`)]);
    await log.ports.clock.advance(HOUR_MS);
    const first = await retain({ retentionMs: 1 });
    expect(first.isDone).toBe(false);
    expect(first.removed).toBeGreaterThan(500);
    expect(await retain({ retentionMs: 1 })).toEqual({ removed: 1500 - first.removed, isDone: true });
  });

  it('looks at no index where nothing can be too much', async () => {
    const { log, fill, retain } = await open();
    await fill(['0', '1']);
    const { readIndex } = log.ports.offsets;
    let looks = 0;
    Object.assign(log.ports.offsets, {
      readIndex: (...args: Parameters<typeof readIndex>) => {
        looks += 1;
        return readIndex(...args);
      },
    });
    await retain({ retentionBytes: 1e9 });
    expect(looks).toBe(0);
    await retain({ retentionMs: HOUR_MS * 5 });
    expect(looks).toBe(1);
  });
});
