import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readNumbers } from './support/journal-fixture.ts';
import { makeTestFolder, openAt, removeTestFolder } from './support/test-folder.ts';

const WRITER = path.join(import.meta.dirname, 'support/killed-writer.ts');
const ROUNDS = 3;

let folder: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = makeTestFolder();
});
afterEach(() => {
  child?.kill('SIGKILL');
  removeTestFolder(folder);
});

/** Starts a writer; calls back for every line that it prints. */
const start = (onLine: (line: string) => void): ChildProcess => {
  child = spawn(process.execPath, ['--import', 'tsx', WRITER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout! }).on('line', onLine);
  return child;
};

interface Acknowledged {
  readonly partition: number;
  readonly offset: number;
  readonly number: number;
}

const parse = (line: string): Acknowledged => {
  const [partition, offset, number] = line.split(' ').map(Number) as [number, number, number];
  return { partition, offset, number };
};

/** Lets a writer acknowledge `howMany` records, and kills it in the middle of the next ones. */
const writeUntilKilled = async (howMany: number, acknowledged: Acknowledged[]): Promise<void> => {
  let seen = 0;
  const writer = start((line) => {
    if (line === 'open') return;
    acknowledged.push(parse(line));
    seen += 1;
    if (seen === howMany) writer.kill('SIGKILL');
  });
  await once(writer, 'close');
};

const expectAll = async (acknowledged: readonly Acknowledged[]): Promise<void> => {
  const stores = await openAt(folder);
  const stored = [await readNumbers(stores, 0), await readNumbers(stores, 1)];
  await stores.close();
  const all = stored.flat();
  expect(new Set(all).size).toBe(all.length);
  for (const { partition, offset, number } of acknowledged) expect(stored[partition]![offset]).toBe(number);
};

describe('a process that is killed', () => {
  it('leaves every acknowledged record at its offset, once', { timeout: 60_000 }, async () => {
    const acknowledged: Acknowledged[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await writeUntilKilled(150 + round * 77, acknowledged);
      await expectAll(acknowledged);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(3 * 150);
  });

  it('owns the folder as long as it lives, and not a moment longer', { timeout: 60_000 }, async () => {
    const writer = await new Promise<ChildProcess>((resolve) => {
      const started = start((line) => {
        if (line === 'open') resolve(started);
      });
    });
    await expect(openAt(folder)).rejects.toMatchObject({ reason: 'in_use' });
    writer.kill('SIGKILL');
    await once(writer, 'close');
    await (await openAt(folder)).close();
  });
});
