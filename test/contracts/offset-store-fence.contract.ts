import { expect } from 'vitest';
import { type Head, type IndexEntry, type OffsetStore, UnknownOutcomeError } from '../../shared/ports/offset-store.ts';
import { writeEntries, writeEntry } from '../support/honest-writer.ts';
import { ACME, entriesOf, entryOf, headOf, placed, readWholeIndex, refOf, TOPIC } from '../support/index-fixtures.ts';
import { createLossyOffsetStore, type Loss, type LossyOffsetStore } from '../support/lossy-offset-store.ts';
import type { Check } from './checks.ts';

/** What a writer does whose answer was lost: bumps the fence, then looks whether its entry is there. */
const settle = async (store: OffsetStore, seen: Head, entry: IndexEntry): Promise<number | undefined> => {
  await store.bumpFence(ACME, refOf());
  const index = await readWholeIndex(store, refOf());
  return index.find(([base, { blob }]) => base >= seen.nextOffset && blob.id === entry.blob.id)?.[0];
};

const loseCommit = async (store: LossyOffsetStore, loss: Loss, head: Head, entry: IndexEntry): Promise<void> => {
  store.loseNext(loss);
  const commit = store.commit(ACME, TOPIC, { partition: 0, entry, fence: head.fence });
  await expect(commit).rejects.toBeInstanceOf(UnknownOutcomeError);
};

export const describeFences = (check: Check<OffsetStore>): void => {
  check('refuses a stale fence, tells the head and writes nothing', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    await writeEntry(store, refOf(), entryOf());
    const seen = await headOf(store, refOf());
    const bumped = await store.bumpFence(ACME, refOf());
    expect(bumped).toEqual({ ...seen, fence: bumped!.fence });
    expect(bumped!.fence).toBeGreaterThan(seen.fence);
    const outcome = await store.commit(ACME, TOPIC, { partition: 0, entry: entryOf(), fence: seen.fence });
    expect(outcome).toEqual({ kind: 'fenced', head: bumped });
    expect(await headOf(store, refOf())).toEqual(bumped);
    const again = await store.commit(ACME, TOPIC, { partition: 0, entry: entryOf(), fence: bumped!.fence });
    expect(again).toMatchObject({ kind: 'committed', baseOffset: 1 });
  });

  check('refuses a fence that was never given out', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    const head = await headOf(store, refOf());
    const outcome = await store.commit(ACME, TOPIC, { partition: 0, entry: entryOf(), fence: head.fence + 1 });
    expect(outcome).toEqual({ kind: 'fenced', head });
  });

  check('raises the fence at every bump', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    const { fence } = await headOf(store, refOf());
    const bumps = await Promise.all([1, 2, 3].map(() => store.bumpFence(ACME, refOf())));
    expect(new Set([fence, ...bumps.map((head) => head?.fence)]).size).toBe(4);
    expect((await headOf(store, refOf())).fence).toBe(Math.max(...bumps.map((head) => head!.fence)));
  });

  check('bumps the fence of one partition only', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 2);
    const before = await headOf(store, refOf(1));
    await store.bumpFence(ACME, refOf(0));
    expect(await headOf(store, refOf(1))).toEqual(before);
  });

  check('proves a lost commit that was done', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    await writeEntry(store, refOf(), entryOf({ count: 3 }));
    const [seen, entry] = [await headOf(store, refOf()), entryOf()];
    await loseCommit(createLossyOffsetStore(store), 'done', seen, entry);
    await writeEntries(store, refOf(), entriesOf(40));
    expect(await settle(store, seen, entry)).toBe(3);
  });

  check('proves that a lost commit never was', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    const [seen, entry] = [await headOf(store, refOf()), entryOf()];
    await loseCommit(createLossyOffsetStore(store), 'never', seen, entry);
    expect(await settle(store, seen, entry)).toBeUndefined();
  });

  check('makes a late commit impossible once the fence is bumped', async (store) => {
    const lossy = createLossyOffsetStore(store);
    await store.createPartitions(ACME, TOPIC, 0, 1);
    const [seen, entry] = [await headOf(store, refOf()), entryOf()];
    await loseCommit(lossy, 'late', seen, entry);
    expect(await settle(store, seen, entry)).toBeUndefined();
    const others = entriesOf(3);
    await writeEntries(store, refOf(), others);
    expect(await lossy.deliver()).toMatchObject([{ status: 'fulfilled', value: { kind: 'fenced' } }]);
    expect(await readWholeIndex(store, refOf())).toEqual(placed(others));
  });

  check('takes a late commit that nobody has fenced off, at the offset that is next then', async (store) => {
    const lossy = createLossyOffsetStore(store);
    await store.createPartitions(ACME, TOPIC, 0, 1);
    const [entry, other] = [entryOf(), entryOf({ count: 4 })];
    await loseCommit(lossy, 'late', await headOf(store, refOf()), entry);
    await writeEntry(store, refOf(), other);
    expect(await lossy.deliver()).toMatchObject([{ value: { kind: 'committed', baseOffset: 4 } }]);
    expect(await readWholeIndex(store, refOf())).toEqual(placed([other, entry]));
  });

  check('shows in the bumped head every older commit that will ever be', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    const { fence } = await headOf(store, refOf());
    const commit = (entry: IndexEntry) => store.commit(ACME, TOPIC, { partition: 0, entry, fence });
    const before = entriesOf(10).map(commit);
    const bump = store.bumpFence(ACME, refOf());
    const after = entriesOf(10).map(commit);
    const outcomes = await Promise.all([...before, ...after]);
    const committed = outcomes.filter(({ kind }) => kind === 'committed').length;
    expect((await bump)!.nextOffset).toBe(committed);
    expect((await headOf(store, refOf())).nextOffset).toBe(committed);
  });
};
