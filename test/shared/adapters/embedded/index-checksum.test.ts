import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DataFolder } from '../../../../shared/adapters/embedded/folder/data-folder.ts';
import { IndexChecksum } from '../../../../shared/adapters/embedded/folder/index-checksum.ts';
import { createFakeClock, type FakeClock } from '../../../support/fake-clock.ts';
import { makeTestFolder, removeTestFolder } from './support/test-folder.ts';

let root: string;
let folder: DataFolder;
let clock: FakeClock;
let checksum: IndexChecksum;

beforeEach(() => {
  root = makeTestFolder();
  folder = { root, journal: root, index: root, isNew: false, isCurrent: true };
  clock = createFakeClock();
  checksum = new IndexChecksum(folder, clock);
});

afterEach(async () => {
  await checksum.stop();
  removeTestFolder(root);
});

const write = (text: string): void => fs.writeFileSync(path.join(root, 'data.mdb'), text);
const isThere = (): boolean => fs.existsSync(path.join(root, 'data.mdb.crc'));
const check = (): Promise<void> => new IndexChecksum(folder, clock).check();

/** Reading a file takes turns of the event loop that no clock counts. */
const comesTo = async (there: boolean): Promise<void> => {
  await expect.poll(isThere, { interval: 5 }).toBe(there);
};

const change = async (text: string): Promise<void> => {
  await checksum.begin();
  write(text);
  checksum.end();
};

describe('the checksum of the index', () => {
  it('is written when the index rests, and gone before it changes', async () => {
    await change('one');
    expect(isThere()).toBe(false);
    await clock.advance(200);
    await comesTo(true);
    await check();
    await checksum.begin();
    expect(isThere()).toBe(false);
  });

  it('is not written while changes go on', async () => {
    for (let n = 0; n < 5; n++) {
      await change(String(n));
      await clock.advance(50);
    }
    await checksum.begin();
    await clock.advance(1000);
    expect(isThere()).toBe(false);
    checksum.end();
    await clock.advance(1000);
    await comesTo(true);
    await check();
  });

  it('tells a changed, a longer and a shorter file', async () => {
    await change('abc');
    await checksum.close();
    for (const text of ['abd', 'abcd', 'ab']) {
      write(text);
      await expect(check()).rejects.toMatchObject({ reason: 'damaged' });
    }
    write('abc');
    await check();
  });

  it('says nothing of a folder that has none', async () => {
    write('abc');
    await check();
  });
});
