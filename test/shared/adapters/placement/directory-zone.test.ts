import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDirectoryZone } from '../../../../shared/adapters/placement/directory-zone.ts';
import { createZonalBlobStore } from '../../../../shared/adapters/placement/zonal-blob-store.ts';
import { describeBlobStore } from '../../../contracts/blob-store.contract.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { ACME } from '../../../support/index-fixtures.ts';
import { createSeededRandom } from '../../../support/seeded-random.ts';

const openFolders = async () => {
  const root = await mkdtemp(join(tmpdir(), 'chasqui-zones-'));
  const folders = [0, 1, 2].map((zone) => join(root, `zone-${zone}`));
  await Promise.all(folders.map((folder) => mkdir(folder)));
  return { root, folders };
};

const openStore = (folders: readonly string[]) =>
  createZonalBlobStore({
    zones: folders.map(createDirectoryZone),
    clock: createFakeClock(),
    random: createSeededRandom(Date.now()),
    replication: { copies: 3, quorum: 2 },
  });

describeBlobStore('three directories', async () => {
  const { root, folders } = await openFolders();
  const close = () => rm(root, { recursive: true });
  return { store: openStore(folders), reopen: async () => openStore(folders), close };
});

describe('a directory as a zone', () => {
  let root: string;
  let folders: string[];
  beforeEach(async () => {
    ({ root, folders } = await openFolders());
  });
  afterEach(() => rm(root, { recursive: true }));

  it('keeps what is put, in a folder for the part before the slash', async () => {
    const zone = createDirectoryZone(folders[0]!);
    await zone.put('acme/one', Buffer.from('hello'));
    await zone.put('acme/two', Buffer.from(''));
    expect(await readdir(join(folders[0]!, 'acme'))).toEqual(['one', 'two']);
    expect(Buffer.from((await zone.get('acme/one'))!).toString()).toBe('hello');
    expect(Buffer.from((await zone.get('acme/one', { start: 1, length: 2 }))!).toString()).toBe('el');
    expect(Buffer.from((await zone.get('acme/one', { start: 3, length: 10 }))!).toString()).toBe('lo');
    expect([await zone.size('acme/one'), await zone.size('acme/two'), await zone.size('acme/no')]).toEqual([
      5,
      0,
      undefined,
    ]);
    expect(await zone.get('globex/one')).toBeUndefined();
  });

  it('never changes what is there', async () => {
    const zone = createDirectoryZone(folders[0]!);
    await zone.put('acme/one', Buffer.from('hello'));
    await zone.put('acme/one', Buffer.from('hello'));
    await expect(zone.put('acme/one', Buffer.from('other bytes'))).rejects.toThrow();
    expect(Buffer.from((await zone.get('acme/one'))!).toString()).toBe('hello');
  });

  it('is lost when its directory is gone, and is not made anew by a write', async () => {
    const zone = createDirectoryZone(folders[0]!);
    await zone.put('acme/one', Buffer.from('hello'));
    await rm(folders[0]!, { recursive: true });
    await expect(zone.put('acme/two', Buffer.from('hello'))).rejects.toThrow();
    await expect(zone.size('acme/one')).rejects.toThrow('gone');
    await expect(stat(folders[0]!)).rejects.toThrow();
    await expect(zone.get('acme/one')).rejects.toThrow('gone');
  });

  it('leaves nothing under the key of a write that failed', async () => {
    const zone = createDirectoryZone(folders[0]!);
    await writeFile(join(folders[0]!, 'acme'), 'not a directory');
    await expect(zone.put('acme/one', Buffer.from('hello'))).rejects.toThrow();
    await rm(join(folders[0]!, 'acme'));
    await zone.put('acme/one', Buffer.from('hello'));
    expect(await zone.size('acme/one')).toBe(5);
  });

  it('may vanish under load: nothing stops, nothing is lost, and repair makes three copies of everything', async () => {
    const store = openStore(folders);
    const lost = join(root, 'lost');
    const write = async (at: number) => {
      if (at === 15) await rename(folders[1]!, lost);
      return store.put(ACME, [Buffer.from(`blob ${String(at).padStart(3, '0')}`)]);
    };
    const blobs = await Promise.all(Array.from({ length: 60 }, (_, at) => write(at)));
    const slices = blobs.map((blob) => ({ blob, position: 0, length: 8 }));
    const expected = blobs.map((_, at) => `blob ${String(at).padStart(3, '0')}`);
    const texts = async () => (await store.read(ACME, slices)).map((bytes) => Buffer.from(bytes).toString());
    expect(await texts()).toEqual(expected);
    await mkdir(folders[1]!);
    for (const blob of blobs) expect(await store.repair(ACME, blob, 3)).toMatchObject({ copies: 3 });
    const counts = await Promise.all(folders.map(async (folder) => (await readdir(join(folder, ACME))).length));
    expect(counts).toEqual([60, 60, 60]);
    await rm(folders[0]!, { recursive: true });
    expect(await texts()).toEqual(expected);
  });
});
