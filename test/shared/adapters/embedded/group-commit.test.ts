import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EmbeddedStores } from '../../../../shared/adapters/embedded/open-embedded-stores.ts';
import { ACME, entryOf, headOf, refOf, TOPIC } from '../../../support/index-fixtures.ts';
import { append, blobBytes, readNumbers } from './support/journal-fixture.ts';
import { MemoryFiles } from './support/memory-files.ts';
import { makeTestFolder, openAt, removeTestFolder } from './support/test-folder.ts';

let folder: string;
let files: MemoryFiles;
let stores: EmbeddedStores;

beforeEach(async () => {
  folder = makeTestFolder();
  files = new MemoryFiles();
  stores = await openAt(folder, { files });
  await stores.offsets.createPartitions(ACME, TOPIC, 0, 4);
  files.calls.length = 0;
});
afterEach(async () => {
  await stores.close();
  removeTestFolder(folder);
});

const commit = (partition: number) => stores.offsets.commit(ACME, TOPIC, { partition, entry: entryOf(), fence: 0 });

/** Holds every sync back until it is let go. */
const holdSyncs = (): (() => void) => {
  let letGo: () => void = () => undefined;
  files.syncing = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return () => letGo();
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('group commit', () => {
  it('writes a blob and the commits that follow it with one write and one sync', async () => {
    await stores.blobs.put(ACME, [blobBytes(1, 100), blobBytes(2, 50)]);
    await Promise.all([0, 1, 2, 3].map(commit));
    expect(files.calls).toEqual(['write', 'sync']);
  });

  it('needs one sync for the commits of many callers', async () => {
    await Promise.all(
      Array.from({ length: 64 }, async (_, number) => {
        await stores.blobs.put(ACME, [blobBytes(number, 10)]);
        await commit(number % 4);
      }),
    );
    expect(files.count('sync')).toBe(1);
  });

  it('collects what arrives during a sync for the next one', async () => {
    const letGo = holdSyncs();
    const first = commit(0);
    await turn();
    expect(files.count('sync')).toBe(1);
    const later = [1, 2, 3, 0].map(commit);
    await turn();
    expect(files.count('sync')).toBe(1);
    letGo();
    await Promise.all([first, ...later]);
    expect(files.count('sync')).toBe(2);
  });

  it('shows nothing before it is durable', async () => {
    const letGo = holdSyncs();
    const written = commit(0);
    await turn();
    expect(files.count('write')).toBe(1);
    expect((await headOf(stores.offsets, refOf(0))).nextOffset).toBe(0);
    expect(await stores.offsets.readIndex(ACME, refOf(0), 0, 1)).toMatchObject({ nextOffset: 0, entries: [] });
    letGo();
    await written;
    expect((await headOf(stores.offsets, refOf(0))).nextOffset).toBe(1);
  });

  it('answers a refusal without a write', async () => {
    const stale = { partition: 0, entry: entryOf(), fence: 7 };
    expect(await stores.offsets.commit(ACME, TOPIC, stale)).toMatchObject({ kind: 'fenced' });
    expect(files.calls).toEqual([]);
  });

  it('judges a commit by what the ones before it in the group do', async () => {
    const once = { partition: 0, entry: entryOf(), fence: 0, expectedOffset: 0 };
    const both = await Promise.all([0, 1].map(() => stores.offsets.commit(ACME, TOPIC, once)));
    expect(both.map(({ kind }) => kind)).toEqual(['committed', 'offset_mismatch']);
    const [bumped, late] = await Promise.all([stores.offsets.bumpFence(ACME, refOf(0)), commit(0)]);
    expect(bumped?.fence).toBe(1);
    expect(late.kind).toBe('fenced');
  });

  it('reads a blob that nobody committed, once it is written', async () => {
    const blob = await stores.blobs.put(ACME, [blobBytes(5, 20)]);
    const [read] = await stores.blobs.read(ACME, [{ blob, position: 3, length: 10 }]);
    expect(Buffer.compare(read!, blobBytes(5, 20).subarray(3, 13))).toBe(0);
  });

  it('takes nothing of a request that cannot be written down, and everything of its neighbours', async () => {
    const broken = { ...entryOf(), length: -1 };
    const bad = stores.offsets.commit(ACME, TOPIC, { partition: 0, entry: broken, fence: 0 });
    const outcomes = await Promise.allSettled([commit(0), bad, commit(0)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await headOf(stores.offsets, refOf(0))).nextOffset).toBe(2);
  });

  it('goes on in the next file when one is full', async () => {
    await stores.close();
    stores = await openAt(folder, { files, rollBytes: 500 });
    for (let number = 0; number < 10; number += 1) await append(stores, number, 200);
    expect(files.content.size).toBeGreaterThan(4);
    expect(await readNumbers(stores)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('finishes what is under way when it is closed, and refuses what comes later', async () => {
    const pending = [append(stores, 1), append(stores, 2)];
    await Promise.all(pending);
    const last = commit(3);
    await stores.close();
    expect(await last).toMatchObject({ kind: 'committed' });
    await expect(commit(3)).rejects.toThrow('nothing has changed');
    await expect(stores.blobs.put(ACME, [blobBytes(1, 1)])).rejects.toThrow('nothing has changed');
    stores = await openAt(folder, { files });
    expect(await readNumbers(stores)).toEqual([1, 2]);
  });
});
