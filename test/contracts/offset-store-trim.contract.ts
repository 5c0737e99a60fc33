import { expect } from 'vitest';
import { type OffsetStore, SEAL } from '../../shared/ports/offset-store.ts';
import { writeEntries, writeEntry } from '../support/honest-writer.ts';
import { ACME, entriesOf, entryOf, headOf, placed, readWholeIndex, refOf, TOPIC } from '../support/index-fixtures.ts';
import type { Check } from './checks.ts';

const prepare = async (store: OffsetStore, howMany: number) => {
  await store.createPartitions(ACME, TOPIC, 0, 1);
  const entries = entriesOf(howMany, { count: 3, length: 10 });
  await writeEntries(store, refOf(), entries);
  return entries;
};

export const describeTrimming = (check: Check<OffsetStore>): void => {
  check('moves the log start and tells the head, whose tail stays as it is', async (store) => {
    await prepare(store, 5);
    const before = await headOf(store, refOf());
    const trimmed = await store.trim(ACME, refOf(), 6);
    expect(trimmed).toEqual({ ...before, logStartOffset: 6, retainedBytes: 30 });
    expect(await headOf(store, refOf())).toEqual(trimmed);
  });

  check('never moves back', async (store) => {
    await prepare(store, 5);
    const trimmed = await store.trim(ACME, refOf(), 6);
    for (const offset of [6, 5, 0]) expect(await store.trim(ACME, refOf(), offset)).toEqual(trimmed);
    expect(await headOf(store, refOf())).toEqual(trimmed);
  });

  check('stops at the high watermark', async (store) => {
    await prepare(store, 5);
    const trimmed = await store.trim(ACME, refOf(), 1_000_000);
    expect(trimmed).toMatchObject({ logStartOffset: 15, nextOffset: 15, retainedBytes: 0 });
    expect(await headOf(store, refOf())).toEqual(trimmed);
    expect((await store.readIndex(ACME, refOf(), 14, 10))?.entries).toEqual([]);
  });

  check('leaves an empty partition as it is', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    expect(await store.trim(ACME, refOf(), 5)).toMatchObject({ logStartOffset: 0, nextOffset: 0 });
    expect(await writeEntry(store, refOf(), entryOf())).toBe(0);
  });

  check('keeps an entry into whose middle it cuts', async (store) => {
    const entries = await prepare(store, 5);
    expect(await store.trim(ACME, refOf(), 7)).toMatchObject({ logStartOffset: 7, retainedBytes: 30 });
    const page = await store.readIndex(ACME, refOf(), 7, 10);
    expect(page).toMatchObject({ logStartOffset: 7, nextOffset: 15, baseOffset: 6, entries: entries.slice(2) });
    expect(await store.trim(ACME, refOf(), 8)).toMatchObject({ logStartOffset: 8, retainedBytes: 30 });
    expect(await store.trim(ACME, refOf(), 9)).toMatchObject({ logStartOffset: 9, retainedBytes: 20 });
  });

  check('shows nothing before the log start', async (store) => {
    await prepare(store, 5);
    await store.trim(ACME, refOf(), 7);
    for (const offset of [0, 3, 6]) {
      expect(await store.readIndex(ACME, refOf(), offset, 10)).toMatchObject({ logStartOffset: 7, entries: [] });
    }
  });

  check('cuts through sealed segments and counts their bytes', async (store) => {
    const entries = await prepare(store, 4 * SEAL + 6);
    for (const kept of [entries.length - 5, 3 * SEAL, 2 * SEAL + 1, 40, 6, 3, 0]) {
      const logStartOffset = 3 * (entries.length - kept);
      expect(await store.trim(ACME, refOf(), logStartOffset)).toMatchObject({
        logStartOffset,
        retainedBytes: 10 * kept,
      });
      expect(await readWholeIndex(store, refOf())).toEqual(placed(entries).slice(entries.length - kept));
    }
  });

  check('goes on with dense offsets behind a trim', async (store) => {
    const entries = await prepare(store, 40);
    await store.trim(ACME, refOf(), 120);
    const later = entriesOf(40, { count: 3, length: 10 });
    const bases = await writeEntries(store, refOf(), later);
    expect(bases[0]).toBe(120);
    expect(await readWholeIndex(store, refOf())).toEqual(placed([...entries, ...later]).slice(40));
    expect(await headOf(store, refOf())).toMatchObject({ logStartOffset: 120, retainedBytes: 400 });
  });

  check('lets a sealer finish who looked before the trim', async (store) => {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    const { fence } = await headOf(store, refOf());
    const entries = entriesOf(5, { count: 3 });
    for (const entry of entries) await store.commit(ACME, TOPIC, { partition: 0, entry, fence });
    await store.trim(ACME, refOf(), 7);
    expect(await store.seal(ACME, refOf(), 0, entries.slice(0, 4))).toBe('sealed');
    expect(await headOf(store, refOf())).toMatchObject({ logStartOffset: 7, baseOffset: 12, nextOffset: 15 });
    expect(await readWholeIndex(store, refOf())).toEqual(placed(entries).slice(2));
  });

  check('loses nothing to commits that come at the same time', async (store) => {
    const entries = await prepare(store, 10);
    const later = entriesOf(10, { count: 3, length: 10 });
    const trims = [3, 9, 15].map((offset) => store.trim(ACME, refOf(), offset));
    await Promise.all([...trims, writeEntries(store, refOf(), later)]);
    expect(await headOf(store, refOf())).toMatchObject({ logStartOffset: 15, nextOffset: 60, retainedBytes: 150 });
    expect(await readWholeIndex(store, refOf())).toEqual(placed([...entries, ...later]).slice(5));
  });
};
