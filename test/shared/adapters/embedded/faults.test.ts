import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EmbeddedStores } from '../../../../shared/adapters/embedded/open-embedded-stores.ts';
import { UnknownOutcomeError } from '../../../../shared/ports/offset-store.ts';
import { ACME, headOf, refOf, TOPIC } from '../../../support/index-fixtures.ts';
import { append, blobBytes, readNumbers } from './support/journal-fixture.ts';
import { type Fault, type FileCall, MemoryFiles } from './support/memory-files.ts';
import { makeTestFolder, openAt, removeTestFolder } from './support/test-folder.ts';

/** So small that nearly every group begins a new file. */
const ROLL_BYTES = 260;
const RECORDS = 6;

let folder: string;
beforeEach(() => {
  folder = makeTestFolder();
});
afterEach(() => removeTestFolder(folder));

interface Outcomes {
  readonly stored: number[];
  readonly refused: number[];
  readonly unknown: number[];
}

/** Appends one record after the other, whatever comes of it. */
const appendSome = async (stores: EmbeddedStores, from: number): Promise<Outcomes> => {
  const outcomes: Outcomes = { stored: [], refused: [], unknown: [] };
  for (let number = from; number < from + RECORDS; number += 1) {
    await append(stores, number).then(
      () => outcomes.stored.push(number),
      (error: unknown) => outcomes[error instanceof UnknownOutcomeError ? 'unknown' : 'refused'].push(number),
    );
  }
  return outcomes;
};

const openPrepared = async (files: MemoryFiles): Promise<EmbeddedStores> => {
  removeTestFolder(folder);
  const stores = await openAt(folder, { files, rollBytes: ROLL_BYTES });
  await stores.offsets.createPartitions(ACME, TOPIC, 0, 1);
  await append(stores, 100);
  return stores;
};

/** What a process finds that opens the journal alone, as if this one had been killed. */
const readAfterCrash = async (files: MemoryFiles): Promise<number[]> => {
  const other = makeTestFolder();
  const stores = await openAt(other, { files: files.clone() });
  const numbers = await readNumbers(stores);
  await stores.close();
  removeTestFolder(other);
  return numbers;
};

/** File calls of a run in which nothing fails. */
const countCalls = async (): Promise<number> => {
  const files = new MemoryFiles();
  const stores = await openPrepared(files);
  const before = files.calls.length;
  await appendSome(stores, 0);
  const calls = files.calls.length - before;
  await stores.close();
  return calls;
};

const failOnce =
  (at: number, fault: Fault) =>
  (_: FileCall, number: number): Fault =>
    number === at ? fault : 'none';

describe('a journal whose file calls fail', () => {
  for (const fault of ['fail', 'half'] as const) {
    it(`keeps what it acknowledged and nothing else, whichever call fails once (${fault})`, async () => {
      const calls = await countCalls();
      expect(calls).toBeGreaterThan(15);
      for (let at = 1; at <= calls; at += 1) {
        const files = new MemoryFiles();
        const stores = await openPrepared(files);
        files.faultOf = failOnce(files.calls.length + at, fault);
        const { stored, refused, unknown } = await appendSome(stores, 0);
        // Once cut off again, a failed write is known not to have happened.
        expect(unknown, `call ${at}`).toEqual([]);
        expect(refused.length, `call ${at}`).toBeLessThanOrEqual(1);
        const expected = [100, ...stored];
        expect(await readNumbers(stores), `call ${at}`).toEqual(expected);
        expect(await readAfterCrash(files), `call ${at}, after a crash`).toEqual(expected);
        await stores.close();
        expect(files.openFiles).toBe(0);
      }
    });
  }

  it('fails every call quickly while nothing works, and goes on when it does', async () => {
    for (let at = 1; at <= 12; at += 1) {
      const files = new MemoryFiles();
      const stores = await openPrepared(files);
      const from = files.calls.length + at;
      files.faultOf = (_, number) => (number >= from ? 'fail' : 'none');
      const during = await appendSome(stores, 0);
      expect(during.unknown.length, `from call ${at}`).toBeLessThanOrEqual(1);
      expect(during.stored.length + during.refused.length + during.unknown.length).toBe(RECORDS);
      files.faultOf = () => 'none';
      const crashed = await readAfterCrash(files);
      expect(crashed.filter((number) => !during.unknown.includes(number))).toEqual([100, ...during.stored]);
      const after = await appendSome(stores, 50);
      expect(after.stored).toHaveLength(RECORDS);
      const expected = [100, ...during.stored, ...after.stored];
      expect(await readNumbers(stores)).toEqual(expected);
      expect(await readAfterCrash(files)).toEqual(expected);
      await stores.close();
    }
  });

  it('refuses a commit that names a blob whose write failed', async () => {
    const files = new MemoryFiles();
    const stores = await openPrepared(files);
    const { fence } = await headOf(stores.offsets, refOf());
    const commit = (blob: Awaited<ReturnType<typeof stores.blobs.put>>) => {
      const entry = { blob, position: 0, length: 5, count: 1, maxTimestamp: 1 };
      return stores.offsets.commit(ACME, TOPIC, { partition: 0, entry, fence });
    };
    files.faultOf = failOnce(files.calls.length + 1, 'fail');
    const lost = await stores.blobs.put(ACME, [blobBytes(1, 5)]);
    const failing = commit(lost);
    const later = await stores.blobs.put(ACME, [blobBytes(2, 5)]);
    await expect(failing).rejects.toThrow('nothing has changed');
    for (const blob of [lost, later]) {
      await expect(commit(blob)).rejects.toThrow('nothing has changed');
      await expect(stores.blobs.read(ACME, [{ blob, position: 0, length: 5 }])).rejects.toMatchObject({
        name: 'BlobUnreadableError',
      });
    }
    expect(await readNumbers(stores)).toEqual([100]);
    await stores.close();
  });

  // What came while a failed write was cut off was placed in the next file but thrown away as lost; its commit then named others' bytes.
  it('stores what arrives while a failed write is cut off', async () => {
    const files = new MemoryFiles();
    const stores = await openPrepared(files);
    files.faultOf = (call) => (call === 'write' && files.count('truncate') === 0 ? 'half' : 'none');
    let finishCut: () => void = () => undefined;
    files.syncing = new Promise<void>((resolve) => {
      finishCut = resolve;
    });
    const failing = append(stores, 1).catch((error: unknown) => error);
    while (files.count('truncate') === 0) await new Promise(setImmediate);
    const meanwhile = [2, 3].map((number) => append(stores, number, 40 * number));
    await new Promise(setImmediate);
    finishCut();
    expect(await failing).toMatchObject({ message: expect.stringContaining('nothing has changed') });
    await Promise.all([...meanwhile, append(stores, 4)]);
    expect(await readNumbers(stores)).toEqual([100, 2, 3, 4]);
    expect(await readAfterCrash(files)).toEqual([100, 2, 3, 4]);
    await stores.close();
  });

  it('says that it does not know when it can neither finish a write nor take it back', async () => {
    const files = new MemoryFiles();
    const stores = await openPrepared(files);
    files.faultOf = (call) => (call === 'sync' || call === 'truncate' ? 'fail' : 'none');
    await expect(append(stores, 1)).rejects.toBeInstanceOf(UnknownOutcomeError);
    await expect(append(stores, 2)).rejects.not.toBeInstanceOf(UnknownOutcomeError);
    expect(await readNumbers(stores)).toEqual([100]);
    expect(await readAfterCrash(files)).toEqual([100, 1]);
    files.faultOf = () => 'none';
    await append(stores, 3);
    expect(await readNumbers(stores)).toEqual([100, 3]);
    expect(await readAfterCrash(files)).toEqual([100, 3]);
    await stores.close();
  });

  // The file was gone, but not for certain; each further attempt to cut it off looked for it in vain, and nothing was ever written again.
  it('goes on after the removal of a new file could not be made durable', async () => {
    const files = new MemoryFiles();
    const stores = await openPrepared(files);
    files.faultOf = (call) => (call === 'syncFolder' ? 'fail' : 'none');
    await append(stores, 1, ROLL_BYTES);
    await expect(append(stores, 2)).rejects.toBeInstanceOf(UnknownOutcomeError);
    expect(files.count('remove')).toBe(1);
    files.faultOf = () => 'none';
    await append(stores, 3);
    expect(await readNumbers(stores)).toEqual([100, 1, 3]);
    expect(await readAfterCrash(files)).toEqual([100, 1, 3]);
    await stores.close();
  });

  it('names the file and the byte when blobs cannot be read', async () => {
    const files = new MemoryFiles();
    const stores = await openPrepared(files);
    await stores.close();
    const again = await openAt(folder, { files });
    const page = await again.offsets.readIndex(ACME, refOf(), 0, 1);
    files.faultOf = (call) => (call === 'read' ? 'fail' : 'none');
    const failed = await again.blobs.read(ACME, page!.entries).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      name: 'BlobUnreadableError',
      place: expect.stringMatching(/^journal\/\d{10}\.log:\d+$/),
    });
    files.faultOf = () => 'none';
    expect(await readNumbers(again)).toEqual([100]);
    await again.close();
  });
});
