import * as fc from 'fast-check';
import { expect } from 'vitest';
import { type IndexEntry, type OffsetStore, SEAL } from '../../shared/ports/offset-store.ts';
import { checkAsync } from '../support/check.ts';
import { writeEntries, writeEntry } from '../support/honest-writer.ts';
import { ACME, entriesOf, entryOf, headOf, placed, refOf, TOPIC, topicIdOf } from '../support/index-fixtures.ts';
import type { Check } from './checks.ts';

/** What `readIndex` has to say of a log that is simply a list. A page may end early, where a segment does, but never at once. */
const expectPage = async (store: OffsetStore, ref: ReturnType<typeof refOf>, model: IndexEntry[], limit: number) => {
  const { nextOffset, logStartOffset } = await headOf(store, ref);
  for (const [at, [base, entry]] of placed(model).entries()) {
    for (let offset = Math.max(base, logStartOffset); offset < base + entry.count; offset += 1) {
      const page = await store.readIndex(ACME, ref, offset, limit);
      expect(page).toMatchObject({ baseOffset: base, nextOffset, logStartOffset });
      expect(page!.entries.length).toBeGreaterThan(0);
      expect(page!.entries).toEqual(model.slice(at, at + Math.min(limit, page!.entries.length)));
    }
  }
};

const history = fc.record({
  counts: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 60 }),
  seals: fc.array(fc.record({ after: fc.nat(60), entries: fc.integer({ min: 1, max: 20 }) }), { maxLength: 6 }),
  trimPercent: fc.constantFrom(0, 0, 20, 50, 90, 100),
  limit: fc.constantFrom(1, 2, 7, 1000),
});

export const describeReads = (check: Check<OffsetStore>): void => {
  check('reads nothing at the high watermark and beyond, but tells where it is', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    const nothing = { logStartOffset: 0, entries: [] };
    expect(await store.readIndex(ACME, refOf(), 0, 10)).toMatchObject({ ...nothing, nextOffset: 0 });
    await writeEntry(store, refOf(), entryOf({ count: 4 }));
    for (const offset of [4, 5, Number.MAX_SAFE_INTEGER]) {
      expect(await store.readIndex(ACME, refOf(), offset, 10)).toMatchObject({ ...nothing, nextOffset: 4 });
    }
  });

  check('reads on from a segment into the tail without a gap', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    const entries = entriesOf(2 * SEAL + 3, { count: 2 });
    await writeEntries(store, refOf(), entries);
    await expectPage(store, refOf(), entries, 10);
    await expectPage(store, refOf(), entries, 1);
  });

  check('gives no more entries than asked for, and as many where no segment ends', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    const entries = entriesOf(20, { count: 2 });
    await writeEntries(store, refOf(), entries);
    expect((await store.readIndex(ACME, refOf(), 5, 7))?.entries).toEqual(entries.slice(2, 9));
    await store.seal(ACME, refOf(), 0, entries.slice(0, 16));
    expect((await store.readIndex(ACME, refOf(), 5, 7))?.entries).toEqual(entries.slice(2, 9));
    expect((await store.readIndex(ACME, refOf(), 32, 7))?.entries).toEqual(entries.slice(16));
  });

  check('reads at every offset what a simple list would give, after any history', async (store) => {
    let topics = 100;
    const property = fc.asyncProperty(history, async ({ counts, seals, trimPercent, limit }) => {
      topics += 1;
      const ref = refOf(0, topicIdOf(topics));
      await store.createPartitions(ACME, ref.topicId, 0, 1);
      const model = counts.map((count) => entryOf({ count }));
      for (const [at, entry] of model.entries()) {
        for (const seal of seals.filter(({ after }) => after === at)) {
          const { baseOffset, tail } = await headOf(store, ref);
          if (tail.length > 0) await store.seal(ACME, ref, baseOffset, tail.slice(0, seal.entries));
        }
        await writeEntry(store, ref, entry);
      }
      const { nextOffset } = await headOf(store, ref);
      await store.trim(ACME, ref, Math.floor((trimPercent / 100) * nextOffset));
      await expectPage(store, ref, model, limit);
    });
    await checkAsync(property, { numRuns: 12, seed: 20_251_009 });
  });

  check('reads heads in the order in which they were asked for', async (store) => {
    const other = topicIdOf(2);
    await store.createPartitions(ACME, TOPIC, 0, 3);
    await store.createPartitions(ACME, other, 0, 1);
    for (const [partition, count] of [5, 6, 7].entries()) await writeEntry(store, refOf(partition), entryOf({ count }));
    await writeEntry(store, refOf(0, other), entryOf({ count: 8 }));
    const refs = [refOf(2), refOf(0, other), refOf(9), refOf(0), refOf(2), refOf(1)];
    const heads = await store.readHeads(ACME, refs);
    expect(heads.map((head) => head?.nextOffset)).toEqual([7, 8, undefined, 5, 7, 6]);
    expect(await store.readHeads(ACME, [])).toEqual([]);
  });
};
