import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isFirstStart, makeDevKey, markFirstStart } from '../../../shared/runtime/first-start.ts';
import { keptOperatorKey } from '../../../shared/runtime/operator-key.ts';
import { systemRandom } from '../../../shared/runtime/system-random.ts';
import { memoryPorts } from '../../support/memory-ports.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chasqui-keys-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('keptOperatorKey', () => {
  it('makes a key once, in a file for its owner only', async () => {
    const { key, isNew } = await keptOperatorKey(folder, systemRandom);
    expect(isNew).toBe(true);
    expect(await keptOperatorKey(folder, systemRandom)).toEqual({ key, isNew: false });
    expect(await readdir(folder)).toEqual(['operator-key']);
    expect((await stat(join(folder, 'operator-key'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder, 'operator-key'), 'utf8')).toBe(`${key}\n`);
  });

  it('does not make another one where there is one that cannot be read', async () => {
    await mkdir(join(folder, 'operator-key'));
    await expect(keptOperatorKey(folder, systemRandom)).rejects.toThrow(/EISDIR/);
  });
});

describe('the first start', () => {
  it('lasts until its keys were shown', async () => {
    expect(await isFirstStart(folder)).toBe(true);
    await markFirstStart(folder);
    expect(await isFirstStart(folder)).toBe(false);
  });

  it('gives a new key where the one before may never have been read', async () => {
    const ports = memoryPorts();
    const keys = [await makeDevKey(ports), await makeDevKey(ports)];
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key).toMatch(/^chq_dev_/);
    expect(await ports.tenants.list({ limit: 10 })).toMatchObject([{ id: 'dev', name: 'dev' }]);
  });
});
