import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JOURNAL_START } from '../../../../shared/adapters/embedded/journal/journal-position.ts';
import type { Operation } from '../../../../shared/adapters/embedded/journal/operation.ts';
import { type Replayed, replayJournal, type TornTail } from '../../../../shared/adapters/embedded/journal/replay.ts';
import { ACME, TOPIC } from '../../../support/index-fixtures.ts';
import { append, bytesOfFile, readNumbers, setBytesOfFile } from './support/journal-fixture.ts';
import { MemoryFiles } from './support/memory-files.ts';
import { makeTestFolder, openAt, removeTestFolder } from './support/test-folder.ts';

interface Recovered extends Replayed {
  readonly operations: Operation[];
}

const recover = async (files: MemoryFiles): Promise<Recovered> => {
  const operations: Operation[] = [];
  const apply = (more: readonly Operation[]): void => void operations.push(...more);
  return { ...(await replayJournal({ files, folder: '', from: JOURNAL_START, apply })), operations };
};

const folders: string[] = [];
const folder = (): string => {
  const made = makeTestFolder();
  folders.push(made);
  return made;
};
afterAll(() => folders.forEach(removeTestFolder));

/** A journal of one file: a topic, then records of different sizes, each in a group of its own. */
const journal = new MemoryFiles();
/** Where its groups end. */
const ends: number[] = [];
/** Operations in the groups up to each end. */
let whole: Recovered;
const SIZES = [40, 700, 1, 1500];

beforeAll(async () => {
  const stores = await openAt(folder(), { files: journal });
  const note = (): void => void ends.push(bytesOfFile(journal, 1).length);
  await stores.offsets.createPartitions(ACME, TOPIC, 0, 2);
  note();
  for (const [number, size] of SIZES.entries()) {
    await append(stores, number, size);
    note();
  }
  await stores.close();
  whole = await recover(journal.clone());
});

/** How many operations the groups hold that end at or before a byte. */
const operationsBefore = (length: number): number => {
  const groups = ends.filter((end) => end <= length).length;
  return groups === 0 ? 0 : 1 + (groups - 1) * 2;
};

describe('recovery of the journal', () => {
  it('finds every group of a whole journal', () => {
    expect(whole.operations.map(({ kind }) => kind)).toEqual(['create', ...SIZES.flatMap(() => ['blob', 'append'])]);
    expect(whole.end).toEqual({ file: 1, offset: ends.at(-1), sequence: ends.length + 1 });
  });

  it('finds the groups that are whole, wherever the file is cut off, and leaves them alone in it', async () => {
    const bytes = bytesOfFile(journal, 1);
    for (let length = 0; length < bytes.length; length += 1) {
      const files = journal.clone();
      setBytesOfFile(files, 1, bytes.subarray(0, length));
      const { operations } = await recover(files);
      expect(operations, `cut at ${length}`).toEqual(whole.operations.slice(0, operationsBefore(length)));
      const left = files.content.size === 0 ? 0 : bytesOfFile(files, 1).length;
      expect([0, 32, ...ends]).toContain(left);
      expect((await recover(files)).operations).toEqual(operations);
    }
  });

  it('cuts off a last group of which sectors never reached the disk', async () => {
    const bytes = bytesOfFile(journal, 1);
    const [start, end] = ends.slice(-2) as [number, number];
    const first = Math.floor(start / 512);
    const sectors = Math.ceil(end / 512) - first;
    for (let missing = 1; missing < 2 ** sectors; missing += 1) {
      const files = journal.clone();
      const changed = Buffer.from(bytes);
      for (let at = 0; at < sectors; at += 1) {
        if (missing & (1 << at))
          changed.fill(0, Math.max(start, (first + at) * 512), Math.min(end, (first + at + 1) * 512));
      }
      setBytesOfFile(files, 1, changed);
      expect((await recover(files)).end.offset, `missing ${missing.toString(2)}`).toBe(start);
    }
  });

  it('says what it cuts off', async () => {
    const [start, end] = ends.slice(-2) as [number, number];
    const files = journal.clone();
    setBytesOfFile(files, 1, bytesOfFile(journal, 1).subarray(0, end - 1));
    const torn: TornTail[] = [];
    const onTorn = (one: TornTail): void => void torn.push(one);
    const again = { files, folder: '', from: JOURNAL_START, apply: () => undefined, onTorn };
    await replayJournal(again);
    await replayJournal(again);
    expect(torn).toEqual([{ place: `journal/0000000001.log:${start}`, bytes: end - 1 - start }]);
  });

  it('does not take zeros of one blob for what is missing of another', async () => {
    const files = new MemoryFiles();
    const stores = await openAt(folder(), { files });
    await stores.offsets.createPartitions(ACME, TOPIC, 0, 2);
    const group = bytesOfFile(files, 1).length;
    const zeros = Buffer.alloc(3000);
    await Promise.all([stores.blobs.put(ACME, [zeros]), append(stores, 1, 2000)]);
    await stores.close();
    const { operations } = await recover(files.clone());
    const changed = Buffer.from(bytesOfFile(files, 1));
    changed[group + 32 + zeros.length + 1000]! ^= 1;
    setBytesOfFile(files, 1, changed);
    expect((await recover(files)).operations).toEqual(operations);
    expect(operations.filter(({ kind }) => kind === 'blob')).toHaveLength(2);
    // But zeros there are: a sector of it is missing.
    const place = 512 * Math.ceil((group + 32 + zeros.length) / 512);
    setBytesOfFile(files, 1, changed.fill(0, place, place + 512));
    expect((await recover(files)).end.offset).toBe(group);
  });

  it('does not take empty sectors for a crash when a group behind them was stored', async () => {
    const [start, end] = ends.slice(1, 3) as [number, number];
    const files = journal.clone();
    setBytesOfFile(files, 1, Buffer.from(bytesOfFile(journal, 1)).fill(0, start, end));
    await expect(recover(files)).rejects.toMatchObject({ reason: 'damaged' });
    expect(bytesOfFile(files, 1)).toHaveLength(ends.at(-1)!);
  });

  it('never takes a changed byte for a crash, nor gives it out as data', async () => {
    const bytes = bytesOfFile(journal, 1);
    const opened: number[] = [];
    for (let at = 0; at < bytes.length; at += 1) {
      const files = journal.clone();
      const changed = Buffer.from(bytes);
      changed[at] = changed[at]! ^ (1 << (at % 8));
      setBytesOfFile(files, 1, changed);
      const outcome = await recover(files).catch((error: Error) => error);
      if (outcome instanceof Error) {
        expect(outcome).toMatchObject({ reason: 'damaged' });
        expect(outcome.message).toMatch(/^The data is damaged: journal\/0000000001\.log:\d+ /);
        expect(Buffer.compare(bytesOfFile(files, 1), changed)).toBe(0);
      } else {
        opened.push(at);
        expect(outcome.operations, `byte ${at}`).toEqual(whole.operations);
      }
    }
    // Only blobs, which have checksums of their own, and the one byte behind each group may change unnoticed.
    const unchecked = SIZES.reduce((sum, size) => sum + size, 0) + ends.length;
    expect(opened).toHaveLength(unchecked);
  });

  it('refuses a journal from which a file is missing', async () => {
    const files = new MemoryFiles();
    const stores = await openAt(folder(), { files, rollBytes: 200 });
    await stores.offsets.createPartitions(ACME, TOPIC, 0, 1);
    for (const number of [1, 2, 3]) await append(stores, number, 300);
    await stores.close();
    const names = [...files.content.keys()].sort();
    expect(names.length).toBeGreaterThanOrEqual(3);
    for (const name of names.slice(0, -1)) {
      const without = files.clone();
      without.content.delete(name);
      await expect(recover(without)).rejects.toMatchObject({ reason: 'damaged' });
    }
    // Nor when all that is left behind the gap is a file whose first group a crash cut short.
    files.content.delete(names.at(-2)!);
    files.content.set(names.at(-1)!, files.content.get(names.at(-1)!)!.subarray(0, 40));
    await expect(recover(files)).rejects.toMatchObject({ reason: 'damaged' });
  });

  it('removes a last file whose making a crash cut short', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(7, 1), Buffer.alloc(4096)]) {
      const files = journal.clone();
      setBytesOfFile(files, 2, bytes);
      expect((await recover(files)).operations).toEqual(whole.operations);
      expect([...files.content.keys()]).toEqual(['0000000001.log']);
    }
    const files = journal.clone();
    setBytesOfFile(files, 2, Buffer.alloc(64, 7));
    await expect(recover(files)).rejects.toMatchObject({ reason: 'damaged' });
  });

  it('goes on in a new file, with blobs that have names of their own', async () => {
    const torn = journal.clone();
    setBytesOfFile(torn, 1, bytesOfFile(journal, 1).subarray(0, ends.at(-1)! - 1));
    const stores = await openAt(folder(), { files: torn });
    expect(await readNumbers(stores)).toEqual([0, 1, 2]);
    await append(stores, 9);
    expect(await readNumbers(stores)).toEqual([0, 1, 2, 9]);
    await stores.close();
    expect([...torn.content.keys()].sort()).toEqual(['0000000001.log', '0000000002.log']);
    const again = await openAt(folder(), { files: torn });
    expect(await readNumbers(again)).toEqual([0, 1, 2, 9]);
    await again.close();
  });

  it('syncs the last file before anybody sees what only the page cache may have', async () => {
    const files = journal.clone();
    await recover(files);
    expect(files.calls).toContain('sync');
  });
});
