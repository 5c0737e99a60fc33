import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openZoneFolders, ZoneFoldersError } from '../../../../shared/adapters/placement/zone-folders.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'chasqui-folders-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const zonesOf = async (wanted?: number) => (await openZoneFolders(root, wanted)).zones.length;

describe('openZoneFolders', () => {
  it('leaves a folder of one zone as it is', async () => {
    expect([await zonesOf(), await zonesOf(1)]).toEqual([0, 0]);
    expect(await readdir(root)).toEqual([]);
  });

  it('makes as many as are wanted, remembers them, and makes more later', async () => {
    expect(await zonesOf(2)).toBe(2);
    expect((await readdir(root)).sort()).toEqual(['ZONES', 'zone-1', 'zone-2']);
    expect(await zonesOf()).toBe(2);
    expect(await zonesOf(3)).toBe(3);
    expect(await readFile(join(root, 'ZONES'), 'utf8')).toBe('3\n');
  });

  it('takes no fewer than there were, for their batches could not be found', async () => {
    await zonesOf(3);
    await expect(zonesOf(2)).rejects.toThrow(/has 3 zones, which is more than 2/);
    await expect(zonesOf(1)).rejects.toBeInstanceOf(ZoneFoldersError);
  });

  it('names a zone that is lost and does not make it anew, so that it may come back', async () => {
    await zonesOf(3);
    await rename(join(root, 'zone-2'), join(root, 'away'));
    const { zones, missing } = await openZoneFolders(root, 4);
    expect([zones.length, missing]).toEqual([4, [join(root, 'zone-2')]]);
    await rename(join(root, 'away'), join(root, 'zone-2'));
    expect((await openZoneFolders(root, undefined)).missing).toEqual([]);
  });

  it('does not guess when its record is damaged', async () => {
    await zonesOf(3);
    await writeFile(join(root, 'ZONES'), 'many');
    await expect(zonesOf(3)).rejects.toThrow(/does not hold a number/);
  });
});
