import { expect } from 'vitest';
import { type Head, type OffsetStore, SEAL, TAIL_LIMIT } from '../../shared/ports/offset-store.ts';
import { sealFirst, writeEntries } from '../support/honest-writer.ts';
import { ACME, entriesOf, entryOf, headOf, placed, readWholeIndex, refOf, TOPIC } from '../support/index-fixtures.ts';
import { createLossyOffsetStore } from '../support/lossy-offset-store.ts';
import type { Check } from './checks.ts';

/** Fills a tail without ever sealing; answers its entries and the head. */
const fillTail = async (store: OffsetStore, howMany: number) => {
  await store.createPartitions(ACME, TOPIC, 0, 1);
  const { fence } = await headOf(store, refOf());
  const commits = entriesOf(howMany, { count: 2 }).map((entry) =>
    store.commit(ACME, TOPIC, { partition: 0, entry, fence }),
  );
  await Promise.all(commits);
  const head = await headOf(store, refOf());
  return { entries: head.tail, head };
};

const afterSeal = (head: Head, cut: number): Head => ({
  ...head,
  baseOffset: head.baseOffset + 2 * cut,
  tail: head.tail.slice(cut),
});

export const describeSealing = (check: Check<OffsetStore>): void => {
  check('moves the first entries of the tail into a segment and nothing else', async (store) => {
    const { head, entries } = await fillTail(store, SEAL + 5);
    expect(await sealFirst(store, refOf(), head)).toBe('sealed');
    expect(await headOf(store, refOf())).toEqual(afterSeal(head, SEAL));
    expect(await readWholeIndex(store, refOf())).toEqual(placed(entries));
  });

  check('can seal the whole tail', async (store) => {
    const { head, entries } = await fillTail(store, 3);
    expect(await store.seal(ACME, refOf(), 0, entries)).toBe('sealed');
    expect(await headOf(store, refOf())).toEqual(afterSeal(head, 3));
    expect(await readWholeIndex(store, refOf())).toEqual(placed(entries));
  });

  check('leaves alone what was appended after the sealer looked', async (store) => {
    const { head, entries } = await fillTail(store, SEAL);
    const later = entriesOf(3);
    const { fence } = head;
    for (const entry of later) await store.commit(ACME, TOPIC, { partition: 0, entry, fence });
    expect(await sealFirst(store, refOf(), head)).toBe('sealed');
    expect((await headOf(store, refOf())).tail).toEqual(later);
    expect(await readWholeIndex(store, refOf())).toEqual(placed([...entries, ...later]));
  });

  check('lets one of two sealers win', async (store) => {
    const { head, entries } = await fillTail(store, 2 * SEAL);
    const ends = await Promise.all([sealFirst(store, refOf(), head), sealFirst(store, refOf(), head)]);
    expect(ends.sort()).toEqual(['conflict', 'sealed']);
    expect(await headOf(store, refOf())).toEqual(afterSeal(head, SEAL));
    expect(await readWholeIndex(store, refOf())).toEqual(placed(entries));
  });

  check('seals in order, segment behind segment', async (store) => {
    const { entries } = await fillTail(store, TAIL_LIMIT);
    for (let sealed = 0; sealed < TAIL_LIMIT; sealed += SEAL) {
      expect(await sealFirst(store, refOf(), await headOf(store, refOf()))).toBe('sealed');
      expect(await readWholeIndex(store, refOf())).toEqual(placed(entries));
    }
    expect(await headOf(store, refOf())).toMatchObject({ baseOffset: 2 * TAIL_LIMIT, tail: [] });
  });

  check('refuses a base that the tail never had, or has no more', async (store) => {
    const { head } = await fillTail(store, 2 * SEAL);
    const entries = head.tail.slice(0, SEAL);
    expect(await store.seal(ACME, refOf(), 2, entries)).toBe('conflict');
    expect(await sealFirst(store, refOf(), head)).toBe('sealed');
    expect(await store.seal(ACME, refOf(), 0, entries)).toBe('conflict');
    expect(await headOf(store, refOf())).toEqual(afterSeal(head, SEAL));
  });

  check('changes nothing when a dead sealer is heard late, after others sealed and appended', async (store) => {
    const { head, entries } = await fillTail(store, SEAL);
    const lossy = createLossyOffsetStore(store);
    lossy.loseNext('late');
    await expect(sealFirst(lossy, refOf(), head)).rejects.toThrow();
    await sealFirst(store, refOf(), head);
    const later = entriesOf(SEAL + 4);
    await writeEntries(store, refOf(), later);
    const before = await headOf(store, refOf());
    expect(await lossy.deliver()).toMatchObject([{ value: 'conflict' }]);
    expect(await headOf(store, refOf())).toEqual(before);
    expect(await readWholeIndex(store, refOf())).toEqual(placed([...entries, ...later]));
  });

  check('brings nothing back to life when a dead sealer is heard after a trim', async (store) => {
    const { head } = await fillTail(store, SEAL);
    const lossy = createLossyOffsetStore(store);
    lossy.loseNext('late');
    await expect(sealFirst(lossy, refOf(), head)).rejects.toThrow();
    await sealFirst(store, refOf(), head);
    await store.trim(ACME, refOf(), head.nextOffset);
    expect(await lossy.deliver()).toMatchObject([{ value: 'conflict' }]);
    expect((await store.readIndex(ACME, refOf(), 0, 10))?.entries).toEqual([]);
  });

  check('finds a seal done whose answer was lost', async (store) => {
    const { head, entries } = await fillTail(store, SEAL + 1);
    const lossy = createLossyOffsetStore(store);
    lossy.loseNext('done');
    await expect(sealFirst(lossy, refOf(), head)).rejects.toThrow();
    expect(await sealFirst(store, refOf(), head)).toBe('conflict');
    expect(await headOf(store, refOf())).toEqual(afterSeal(head, SEAL));
    expect(await readWholeIndex(store, refOf())).toEqual(placed(entries));
  });

  check('accepts again after the seal when all sealers had died and the tail was full', async (store) => {
    const { head, entries } = await fillTail(store, TAIL_LIMIT);
    const entry = entryOf();
    const append = { partition: 0, entry, fence: head.fence };
    expect(await store.commit(ACME, TOPIC, append)).toEqual({ kind: 'full', head });
    expect(await sealFirst(store, refOf(), head)).toBe('sealed');
    expect(await store.commit(ACME, TOPIC, append)).toMatchObject({ kind: 'committed', baseOffset: 2 * TAIL_LIMIT });
    expect(await readWholeIndex(store, refOf())).toEqual(placed([...entries, entry]));
  });

  check('has nothing to do with the fence', async (store) => {
    const { head, entries } = await fillTail(store, SEAL);
    const bumped = await store.bumpFence(ACME, refOf());
    expect(await sealFirst(store, refOf(), head)).toBe('sealed');
    expect(await headOf(store, refOf())).toEqual(afterSeal(bumped!, SEAL));
    expect(await readWholeIndex(store, refOf())).toEqual(placed(entries));
  });
};
