import * as fc from 'fast-check';
import { expect } from 'vitest';
import { type IndexEntry, type OffsetStore, SEAL } from '../../shared/ports/offset-store.ts';
import { checkAsync } from '../support/check.ts';
import { writeEntries } from '../support/honest-writer.ts';
import { ACME, entryOf, headOf, placed, refOf, topicIdOf } from '../support/index-fixtures.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import type { Check } from './checks.ts';

const write = async (store: OffsetStore, timestamps: readonly number[], ref = refOf()): Promise<IndexEntry[]> => {
  await store.createPartitions(ACME, ref.topicId, 0, 1);
  const entries = timestamps.map((maxTimestamp) => entryOf({ maxTimestamp, count: 2 }));
  await writeEntries(store, ref, entries);
  return entries;
};

const expectFound = async (store: OffsetStore, entries: IndexEntry[], wanted: readonly number[], ref = refOf()) => {
  const { logStartOffset, nextOffset } = await headOf(store, ref);
  const kept = placed(entries).filter(([base, { count }]) => base + count > logStartOffset);
  const expected = wanted.map((time) => kept.find(([, entry]) => entry.maxTimestamp >= time)?.[0] ?? nextOffset);
  const found = await Promise.all(wanted.map((time) => store.findTimestamp(ACME, ref, time)));
  expect(found).toEqual(expected);
};

export const describeTimestamps = (check: Check<OffsetStore>): void => {
  check('finds the first entry that reaches the timestamp, also when several are equal', async (store) => {
    await write(store, [10, 20, 20, 30]);
    const wanted = [0, 10, 11, 20, 21, 30];
    const found = await Promise.all(wanted.map((time) => store.findTimestamp(ACME, refOf(), time)));
    expect(found).toEqual([0, 0, 2, 2, 6, 6]);
  });

  check('answers the high watermark when nothing is so late, and in an empty partition', async (store) => {
    await write(store, []);
    expect(await store.findTimestamp(ACME, refOf(), 0)).toBe(0);
    await write(store, [10, 20]);
    expect(await store.findTimestamp(ACME, refOf(), 21)).toBe(4);
    await store.trim(ACME, refOf(), 4);
    expect(await store.findTimestamp(ACME, refOf(), 0)).toBe(4);
  });

  check('finds entries behind a late one that came early', async (store) => {
    const entries = await write(store, [100, 10, 20, 30, 150, 40]);
    await expectFound(store, entries, [5, 10, 35, 100, 101, 150, 151]);
    await store.trim(ACME, refOf(), 2);
    await expectFound(store, entries, [5, 10, 15, 30, 35, 100, 150, 151]);
    await store.trim(ACME, refOf(), 10);
    await expectFound(store, entries, [5, 40, 41]);
  });

  check('looks at an entry into whose middle the log start cuts', async (store) => {
    const entries = await write(store, [50, 10, 60]);
    await store.trim(ACME, refOf(), 1);
    await expectFound(store, entries, [40, 50, 55]);
    expect(await store.findTimestamp(ACME, refOf(), 40)).toBe(0);
  });

  check('is exact over many sealed segments whose timestamps are out of order', async (store) => {
    const random = createSeededRandom(4);
    const timestamps = Array.from({ length: 5 * SEAL + 9 }, (_, at) => 10 * at + Math.floor(random.fraction() * 900));
    const entries = await write(store, timestamps);
    const wanted = Array.from({ length: 100 }, (_, at) => at * 30);
    await expectFound(store, entries, wanted);
    for (const start of [3, 2 * SEAL, 4 * SEAL + 33, 9 * SEAL + 1]) {
      await store.trim(ACME, refOf(), start);
      await expectFound(store, entries, wanted);
    }
  });

  check('is exact for any timestamps', async (store) => {
    let topics = 100;
    const times = fc.array(fc.nat(40), { minLength: SEAL + 1, maxLength: SEAL + 20 });
    const property = fc.asyncProperty(times, fc.nat(100), async (timestamps, percent) => {
      topics += 1;
      const ref = refOf(0, topicIdOf(topics));
      const entries = await write(store, timestamps, ref);
      await store.trim(ACME, ref, Math.floor((percent / 100) * (await headOf(store, ref)).nextOffset));
      await expectFound(store, entries, [...Array(42).keys()], ref);
    });
    await checkAsync(property, { numRuns: 8, seed: 20_251_009 });
  });
};
