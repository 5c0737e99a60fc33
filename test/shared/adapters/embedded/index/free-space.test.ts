import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFreeSpace } from '../../../../../shared/adapters/embedded/index/free-space.ts';
import { IndexTables } from '../../../../../shared/adapters/embedded/index/index-tables.ts';
import { NotWrittenError } from '../../../../../shared/adapters/embedded/not-written-error.ts';
import { makeTestFolder, removeTestFolder } from '../support/test-folder.ts';

const MIB = 1024 * 1024;

describe('a disk that is nearly full', () => {
  let folder: string;
  let tables: IndexTables;
  let freeBytes: number;
  let blocks: number;
  const key = Buffer.from('key');
  const write = (): Promise<void> => tables.write((batch) => batch.put('tenants', key, Buffer.from('value')));

  beforeEach(() => {
    blocks = 1000;
    folder = makeTestFolder();
    const statfs = () => ({ bavail: freeBytes / 4096, bsize: 4096, blocks });
    tables = new IndexTables(folder, undefined, () => checkFreeSpace(folder, statfs));
  });

  afterEach(async () => {
    await tables.close();
    removeTestFolder(folder);
  });

  it('is not let run full under LMDB: nothing is written, until there is room again', async () => {
    freeBytes = 31 * MIB;
    await expect(write()).rejects.toBeInstanceOf(NotWrittenError);
    expect(tables.get('tenants', key)).toBeUndefined();
    freeBytes = 33 * MIB;
    await write();
    expect(tables.get('tenants', key)?.toString()).toBe('value');
  });

  it('a file system that does not know how much is free is written to', async () => {
    freeBytes = 0;
    blocks = 0;
    await write();
    expect(tables.get('tenants', key)?.toString()).toBe('value');
  });

  it('there is room here', () => {
    checkFreeSpace(folder);
  });
});
