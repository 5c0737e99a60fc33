import { expect } from 'vitest';
import type { Append, IdempotencyRecord, OffsetStore } from '../../shared/ports/offset-store.ts';
import { TAIL_LIMIT, UnknownOutcomeError } from '../../shared/ports/offset-store.ts';
import { writeEntry } from '../support/honest-writer.ts';
import { ACME, entriesOf, entryOf, headOf, placed, readWholeIndex, refOf, TOPIC } from '../support/index-fixtures.ts';
import { createLossyOffsetStore } from '../support/lossy-offset-store.ts';
import type { Check } from './checks.ts';

const NOW = 1_760_000_000_000;
const recordOf = (key: string): IdempotencyRecord => ({
  key,
  fingerprint: Uint8Array.from({ length: 32 }, (_, at) => at),
  expiresAt: NOW + 1000,
});
const RECORD = recordOf('k');
const answerOf = (baseOffsets: readonly number[]): Uint8Array => Buffer.from(JSON.stringify(baseOffsets));
const answerIn = (answer: Uint8Array): unknown => JSON.parse(Buffer.from(answer).toString());

/** Three partitions, the first of which has one record; appends to all of them in an order of their own. */
const prepare = async (store: OffsetStore): Promise<Append[]> => {
  await store.createPartitions(ACME, TOPIC, 0, 3);
  await writeEntry(store, refOf(0), entryOf());
  const { fence } = await headOf(store, refOf());
  return [2, 0, 1].map((partition) => ({ partition, entry: entryOf({ count: partition + 2 }), fence }));
};

const nextOffsets = async (store: OffsetStore): Promise<unknown[]> =>
  (await store.readHeads(ACME, [refOf(0), refOf(1), refOf(2)])).map((head) => head?.nextOffset);

const expectUntouched = async (store: OffsetStore): Promise<void> => {
  expect(await nextOffsets(store)).toEqual([1, 0, 0]);
};

export const describeAtomicCommits = (check: Check<OffsetStore>): void => {
  check('commits to every partition and keeps the answer', async (store) => {
    const appends = await prepare(store);
    expect(await store.claim(ACME, RECORD, NOW)).toEqual({ kind: 'claimed' });
    const outcome = await store.commitAtomic(ACME, TOPIC, appends, RECORD, answerOf);
    if (outcome.kind !== 'committed') throw new Error(outcome.kind);
    expect(outcome.baseOffsets).toEqual([0, 1, 0]);
    expect(outcome.heads.map((head) => head?.nextOffset)).toEqual([4, 3, 3]);
    expect(await store.readHeads(ACME, [refOf(2), refOf(0), refOf(1)])).toEqual(outcome.heads);
    const done = await store.claim(ACME, RECORD, NOW);
    if (done.kind !== 'done') throw new Error(done.kind);
    expect(Buffer.compare(done.fingerprint, RECORD.fingerprint)).toBe(0);
    expect(answerIn(done.answer)).toEqual([0, 1, 0]);
    expect(await readWholeIndex(store, refOf(2))).toEqual(placed([appends[0]!.entry]));
  });

  check('commits to a thousand partitions under one key', async (store) => {
    const places = Array.from({ length: 1024 }, (_, partition) => partition).reverse();
    await store.createPartitions(ACME, TOPIC, 0, places.length);
    await writeEntry(store, refOf(0), entryOf({ count: 5 }));
    const appends = places.map((partition) => ({ partition, entry: entryOf({ count: 2 }), fence: 0 }));
    await store.claim(ACME, RECORD, NOW);
    const outcome = await store.commitAtomic(ACME, TOPIC, appends, RECORD, answerOf);
    if (outcome.kind !== 'committed') throw new Error(outcome.kind);
    const expected = places.map((partition) => (partition === 0 ? 5 : 0));
    expect(outcome.baseOffsets).toEqual(expected);
    expect(
      await store.readHeads(
        ACME,
        places.map((partition) => refOf(partition)),
      ),
    ).toEqual(outcome.heads);
    const done = await store.claim(ACME, RECORD, NOW);
    expect(done.kind === 'done' && answerIn(done.answer)).toEqual(expected);
    await store.commitAtomic(ACME, TOPIC, appends, RECORD, answerOf).catch(() => undefined);
    const refs = places.map((partition) => refOf(partition));
    expect(await store.readHeads(ACME, refs)).toEqual(outcome.heads);
  });

  check('writes nothing when one fence is stale, and keeps the claim until it is released', async (store) => {
    const appends = await prepare(store);
    const head = await store.bumpFence(ACME, refOf(1));
    await store.claim(ACME, RECORD, NOW);
    const outcome = await store.commitAtomic(ACME, TOPIC, appends, RECORD, answerOf);
    expect(outcome).toEqual({ kind: 'refused', partition: 1, refusal: { kind: 'fenced', head } });
    expect(await store.claim(ACME, RECORD, NOW)).toEqual({ kind: 'in_flight' });
    const again = appends.map((append) => (append.partition === 1 ? { ...append, fence: head!.fence } : append));
    expect(await store.commitAtomic(ACME, TOPIC, again, RECORD, answerOf)).toMatchObject({ kind: 'committed' });
    expect(await nextOffsets(store)).toEqual([3, 3, 4]);
  });

  check(
    'writes nothing when one offset is not the expected one, one tail is full or one partition is gone',
    async (store) => {
      const [first, second, third] = (await prepare(store)) as [Append, Append, Append];
      const { fence } = third;
      await store.createPartitions(ACME, TOPIC, 3, 4);
      await Promise.all(
        entriesOf(TAIL_LIMIT).map((entry) => store.commit(ACME, TOPIC, { partition: 3, entry, fence })),
      );
      await store.claim(ACME, RECORD, NOW);
      const refused = (bad: Append) => store.commitAtomic(ACME, TOPIC, [first, bad, third], RECORD, answerOf);
      const ends = [
        await refused({ ...second, expectedOffset: 0 }),
        await refused({ ...second, partition: 3 }),
        await refused({ ...second, partition: 4 }),
      ];
      expect(ends).toMatchObject([
        { kind: 'refused', partition: 0, refusal: { kind: 'offset_mismatch', head: { nextOffset: 1 } } },
        { kind: 'refused', partition: 3, refusal: { kind: 'full', head: { nextOffset: TAIL_LIMIT } } },
        { kind: 'refused', partition: 4, refusal: { kind: 'gone' } },
      ]);
      await expectUntouched(store);
    },
  );

  check('names the first append that is refused', async (store) => {
    const appends = await prepare(store);
    for (const partition of [0, 1]) await store.bumpFence(ACME, refOf(partition));
    await store.claim(ACME, RECORD, NOW);
    const outcome = await store.commitAtomic(ACME, TOPIC, appends, RECORD, answerOf);
    expect(outcome).toMatchObject({ kind: 'refused', partition: 0 });
  });

  check('writes nothing without a claim, or with the claim of another request', async (store) => {
    const appends = await prepare(store);
    await expect(store.commitAtomic(ACME, TOPIC, appends, RECORD, answerOf)).rejects.toThrow();
    await store.claim(ACME, { ...RECORD, fingerprint: new Uint8Array(32) }, NOW);
    await expect(store.commitAtomic(ACME, TOPIC, appends, RECORD, answerOf)).rejects.toThrow();
    await store.release(ACME, RECORD.key);
    await expect(store.commitAtomic(ACME, TOPIC, appends, RECORD, answerOf)).rejects.toThrow();
    await expectUntouched(store);
  });

  check('writes once, whoever comes a second time with the same claim', async (store) => {
    const appends = await prepare(store);
    await store.claim(ACME, RECORD, NOW);
    await store.commitAtomic(ACME, TOPIC, appends, RECORD, answerOf);
    await expect(store.commitAtomic(ACME, TOPIC, appends, RECORD, answerOf)).rejects.toThrow();
    expect(await nextOffsets(store)).toEqual([3, 3, 4]);
  });

  check('writes nothing when the answer cannot be made', async (store) => {
    const appends = await prepare(store);
    await store.claim(ACME, RECORD, NOW);
    const broken = (): Uint8Array => {
      throw new Error('no answer');
    };
    await expect(store.commitAtomic(ACME, TOPIC, appends, RECORD, broken)).rejects.toThrow('no answer');
    await expectUntouched(store);
  });

  check('keeps offsets dense and answers true beside other commits', async (store) => {
    const [, append] = (await prepare(store)) as [Append, Append, Append];
    const atomics = Array.from({ length: 12 }, async (_, at) => {
      const record = recordOf(`race-${at}`);
      await store.claim(ACME, record, NOW);
      const both = [0, 1].map((partition) => ({ ...append, partition, entry: entryOf({ count: 2 }) }));
      const appends = at % 2 === 0 ? both : both.reverse();
      const outcome = await store.commitAtomic(ACME, TOPIC, appends, record, answerOf);
      if (outcome.kind !== 'committed') throw new Error(outcome.kind);
      return [
        outcome.baseOffsets[appends[0]!.partition === 0 ? 0 : 1],
        appends.find(({ partition }) => partition === 0)!.entry,
      ];
    });
    const plain = entriesOf(12).map(async (entry) => [await writeEntry(store, refOf(0), entry), entry]);
    const answers = (await Promise.all([...atomics, ...plain])).sort(([a], [b]) => Number(a) - Number(b));
    expect((await readWholeIndex(store, refOf(0))).slice(1)).toEqual(answers);
    expect(await nextOffsets(store)).toEqual([1 + 24 + 12, 24, 0]);
  });

  check('tells by the key whether a lost atomic commit was done', async (store) => {
    const appends = await prepare(store);
    const lossy = createLossyOffsetStore(store);
    await store.claim(ACME, RECORD, NOW);
    lossy.loseNext('done');
    const lost = lossy.commitAtomic(ACME, TOPIC, appends, RECORD, answerOf);
    await expect(lost).rejects.toBeInstanceOf(UnknownOutcomeError);
    await store.bumpFence(ACME, refOf(2));
    expect(await store.claim(ACME, RECORD, NOW)).toMatchObject({ kind: 'done' });
    expect(await nextOffsets(store)).toEqual([3, 3, 4]);
  });

  check('makes a late atomic commit impossible once the fence of one of its partitions is bumped', async (store) => {
    const appends = await prepare(store);
    const lossy = createLossyOffsetStore(store);
    await store.claim(ACME, RECORD, NOW);
    lossy.loseNext('late');
    await expect(lossy.commitAtomic(ACME, TOPIC, appends, RECORD, answerOf)).rejects.toThrow();
    await store.bumpFence(ACME, refOf(0));
    expect(await store.claim(ACME, RECORD, NOW)).toEqual({ kind: 'in_flight' });
    expect(await lossy.deliver()).toMatchObject([{ value: { kind: 'refused', partition: 0 } }]);
    await expectUntouched(store);
  });
};
