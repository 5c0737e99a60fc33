import { expect } from 'vitest';
import { type OffsetStore, TAIL_LIMIT } from '../../shared/ports/offset-store.ts';
import { writeEntry } from '../support/honest-writer.ts';
import { ACME, entriesOf, entryOf, headOf, placed, readWholeIndex, refOf, TOPIC } from '../support/index-fixtures.ts';
import type { Check } from './checks.ts';

const EXTREMES = [
  entryOf({ maxTimestamp: 0 }),
  entryOf({ maxTimestamp: 8_640_000_000_000_000, count: 10_000 }),
  entryOf({ position: 2 ** 31, length: 4 * 1024 * 1024 + 61 }),
  { ...entryOf(), blob: { kind: 'zonal', id: 'ffffffff-ffff-7fff-bfff-ffffffffffff', zones: 0b10_1101 } } as const,
  { ...entryOf(), blob: { kind: 'inline', id: '00000000-0000-7000-8000-000000000000', zones: 0 } } as const,
];

export const describeCommits = (check: Check<OffsetStore>): void => {
  check('gives dense offsets from 0 on, and the head as it stands then', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    const { fence } = await headOf(store, refOf());
    const entries = [entryOf({ count: 3, length: 70 }), entryOf({ length: 80 }), entryOf({ count: 5, length: 90 })];
    const bases: number[] = [];
    for (const [at, entry] of entries.entries()) {
      const outcome = await store.commit(ACME, TOPIC, { partition: 0, entry, fence });
      if (outcome.kind !== 'committed') throw new Error(outcome.kind);
      bases.push(outcome.baseOffset);
      expect(outcome.head).toMatchObject({ fence, logStartOffset: 0, baseOffset: 0, tail: entries.slice(0, at + 1) });
      expect(await headOf(store, refOf())).toEqual(outcome.head);
    }
    expect(bases).toEqual([0, 3, 4]);
    expect(await headOf(store, refOf())).toMatchObject({ nextOffset: 9, retainedBytes: 240 });
  });

  check('gives entries back as they were, in the head and in the index', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    for (const entry of EXTREMES) await writeEntry(store, refOf(), entry);
    expect((await headOf(store, refOf())).tail).toEqual(EXTREMES);
    expect(await readWholeIndex(store, refOf())).toEqual(placed(EXTREMES));
    await store.seal(ACME, refOf(), 0, EXTREMES);
    expect(await readWholeIndex(store, refOf())).toEqual(placed(EXTREMES));
  });

  check('never changes a head that it has handed out', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    await writeEntry(store, refOf(), entryOf());
    const head = await headOf(store, refOf());
    const asItWas = structuredClone(head);
    for (const entry of entriesOf(40)) await writeEntry(store, refOf(), entry);
    await store.trim(ACME, refOf(), 20);
    await store.bumpFence(ACME, refOf());
    expect(head).toEqual(asItWas);
  });

  check('keeps offsets dense when two writers race', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    const answers: [number, unknown][] = [];
    const writer = async (counts: readonly number[]): Promise<void> => {
      for (const count of counts) {
        const entry = entryOf({ count });
        answers.push([await writeEntry(store, refOf(), entry), entry]);
      }
    };
    await Promise.all([writer(Array(40).fill(2)), writer(Array(40).fill(3))]);
    const index = await readWholeIndex(store, refOf());
    expect((await headOf(store, refOf())).nextOffset).toBe(200);
    expect(index).toHaveLength(80);
    expect(answers.sort(([a], [b]) => a - b)).toEqual(index);
  });

  check('takes commits that come all at once, each whole and once', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 2);
    const { fence } = await headOf(store, refOf());
    const commits = entriesOf(60, { count: 2 }).map(async (entry, at) => {
      const outcome = await store.commit(ACME, TOPIC, { partition: at % 2, entry, fence });
      return [outcome.kind === 'committed' ? outcome.baseOffset : outcome.kind, entry];
    });
    const answers = await Promise.all(commits);
    for (const partition of [0, 1]) {
      const mine = answers.filter((_, at) => at % 2 === partition).sort(([a], [b]) => Number(a) - Number(b));
      expect(await readWholeIndex(store, refOf(partition))).toEqual(mine);
    }
  });

  check('holds exactly TAIL_LIMIT entries in a tail, then refuses', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    const { fence } = await headOf(store, refOf());
    const commit = (): Promise<unknown> => store.commit(ACME, TOPIC, { partition: 0, entry: entryOf(), fence });
    const outcomes = await Promise.all(Array.from({ length: TAIL_LIMIT }, commit));
    expect(outcomes.filter((outcome) => (outcome as { kind: string }).kind !== 'committed')).toEqual([]);
    const head = await headOf(store, refOf());
    expect(await commit()).toEqual({ kind: 'full', head });
    expect(await headOf(store, refOf())).toEqual(head);
  });

  check('commits at the expected offset only', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    const { fence } = await headOf(store, refOf());
    const commit = (expectedOffset: number) =>
      store.commit(ACME, TOPIC, { partition: 0, entry: entryOf({ count: 2 }), fence, expectedOffset });
    expect(await commit(0)).toMatchObject({ kind: 'committed', baseOffset: 0 });
    const head = await headOf(store, refOf());
    for (const wrong of [0, 1, 3]) expect(await commit(wrong)).toEqual({ kind: 'offset_mismatch', head });
    expect(await headOf(store, refOf())).toEqual(head);
    expect(await commit(2)).toMatchObject({ kind: 'committed', baseOffset: 2 });
  });

  check('lets one of many win who expect the same offset', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    const { fence } = await headOf(store, refOf());
    const race = entriesOf(10).map((entry) =>
      store.commit(ACME, TOPIC, { partition: 0, entry, fence, expectedOffset: 0 }),
    );
    const kinds = (await Promise.all(race)).map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['committed', ...Array(9).fill('offset_mismatch')]);
    expect((await headOf(store, refOf())).nextOffset).toBe(1);
  });

  check('names the first reason in the order of the port: fenced, full, offset mismatch', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    const head = await store.bumpFence(ACME, refOf());
    const { fence } = head!;
    const append = { partition: 0, entry: entryOf(), fence };
    await Promise.all(entriesOf(TAIL_LIMIT).map((entry) => store.commit(ACME, TOPIC, { ...append, entry })));
    const stale = { ...append, fence: fence - 1, expectedOffset: 7 };
    expect(await store.commit(ACME, TOPIC, stale)).toMatchObject({ kind: 'fenced' });
    expect(await store.commit(ACME, TOPIC, { ...append, expectedOffset: 7 })).toMatchObject({ kind: 'full' });
  });

  check('keeps the partitions of a topic apart', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 12);
    for (const partition of [1, 10, 11]) {
      for (const entry of entriesOf(partition)) await writeEntry(store, refOf(partition), entry);
    }
    const heads = await store.readHeads(
      ACME,
      Array.from({ length: 12 }, (_, partition) => refOf(partition)),
    );
    expect(heads.map((head) => head?.nextOffset)).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 10, 11]);
  });
};
