import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IndexTables, type TableName } from '../../../../shared/adapters/embedded/index/index-tables.ts';
import type { EmbeddedStores } from '../../../../shared/adapters/embedded/open-embedded-stores.ts';
import type { TenantId } from '../../../../shared/contract/ids.ts';
import { type IdempotencyRecord, SEAL } from '../../../../shared/ports/offset-store.ts';
import { createFakeClock, type FakeClock } from '../../../support/fake-clock.ts';
import { ACME, entriesOf, headOf, refOf, TOPIC, topicIdOf } from '../../../support/index-fixtures.ts';
import { append, readNumbers } from './support/journal-fixture.ts';
import { crashCopy, makeTestFolder, openAt, removeTestFolder } from './support/test-folder.ts';
import { unsyncedFiles } from './support/unsynced-files.ts';

let folder: string;
let clock: FakeClock;
let errors: unknown[];
let stores: EmbeddedStores;

beforeEach(async () => {
  folder = makeTestFolder();
  clock = createFakeClock();
  errors = [];
  stores = await open();
});
afterEach(async () => {
  await stores.close();
  removeTestFolder(folder);
});

const open = (): Promise<EmbeddedStores> =>
  openAt(folder, { files: unsyncedFiles, clock, onBackgroundError: (error) => void errors.push(error) });

const reopen = async (): Promise<void> => {
  await stores.close();
  stores = await open();
};

/** Rows of a table, as the folder has them when nobody has it open. */
const countRows = async (table: TableName): Promise<number> => {
  await stores.close();
  const tables = new IndexTables(path.join(folder, 'index'));
  const rows = tables.keys(table, { from: Buffer.alloc(1), to: Buffer.alloc(1, 0xff) }).length;
  await tables.close();
  stores = await open();
  return rows;
};

/** Cuts the groups off the journal of a copy. */
const emptyJournal = (copy: string): void => {
  const journal = path.join(copy, 'journal');
  for (const name of fs.readdirSync(journal)) fs.truncateSync(path.join(journal, name), 32);
};

const sealSome = async (segments: number, topic = TOPIC, partition = 0): Promise<void> => {
  for (let round = 0; round < segments; round += 1) {
    const entries = entriesOf(SEAL);
    const ref = refOf(partition, topic);
    const { fence, baseOffset } = await headOf(stores.offsets, ref);
    await Promise.all(entries.map((entry) => stores.offsets.commit(ACME, topic, { partition, entry, fence })));
    expect(await stores.offsets.seal(ACME, ref, baseOffset, entries)).toBe('sealed');
  }
};

let barriers = 0;
/** A checkpoint may have begun, and not have come to its write yet, when the first barrier is written. */
const LEAST_ROUNDS = 3;
/** After a change of the index, its checksum waits for a moment of rest. */
const CHECKSUM = 1;

/** Lets checkpoints happen until nobody waits for the next one. LMDB writes in order, so that a write ends behind the checkpoint's. */
const settle = async (): Promise<void> => {
  for (let round = 0; round < LEAST_ROUNDS || (round < 50 && clock.sleeping() > CHECKSUM); round += 1) {
    await clock.advance(1000);
    barriers += 1;
    await stores.tenants.create({ id: `barrier-${barriers}` as TenantId, name: '', createdAt: '' });
    await clock.turn();
  }
  await clock.advance(1000);
};

describe('the checkpoint', () => {
  it('is taken when nothing has been written for a second, and then nothing waits any more', async () => {
    await stores.offsets.createPartitions(ACME, TOPIC, 0, 1);
    await append(stores, 1);
    expect(clock.sleeping()).toBe(1 + CHECKSUM);
    await settle();
    expect(clock.sleeping()).toBe(0);
    const copy = crashCopy(folder);
    emptyJournal(copy);
    // The journal now ends before the place up to which the checkpoint says that it was stored.
    await expect(openAt(copy)).rejects.toMatchObject({ reason: 'damaged' });
    removeTestFolder(copy);
  });

  it('is not needed to recover', async () => {
    await stores.offsets.createPartitions(ACME, TOPIC, 0, 1);
    for (const number of [1, 2, 3]) await append(stores, number);
    await stores.offsets.bumpFence(ACME, refOf());
    await stores.offsets.trim(ACME, refOf(), 1);
    const copy = crashCopy(folder);
    const recovered = await openAt(copy);
    expect(await readNumbers(recovered)).toEqual([2, 3]);
    expect(await recovered.offsets.readHead(ACME, refOf())).toEqual(await stores.offsets.readHead(ACME, refOf()));
    await recovered.close();
    removeTestFolder(copy);
  });

  it('stores heads, segments and peaks so that nothing changes for a reader', async () => {
    await stores.offsets.createPartitions(ACME, TOPIC, 0, 2);
    await sealSome(3);
    const before = await stores.offsets.readIndex(ACME, refOf(), 40, 100);
    expect(before?.entries).toHaveLength(24);
    await settle();
    expect(await stores.offsets.readIndex(ACME, refOf(), 40, 100)).toEqual(before);
    await sealSome(2);
    await reopen();
    expect((await stores.offsets.readIndex(ACME, refOf(), 40, 100))?.entries).toEqual(before?.entries);
    expect(await countRows('segments')).toBe(5);
    expect(await countRows('partitions')).toBe(2);
  });

  it('removes what was trimmed and dropped, little by little', async () => {
    const other = topicIdOf(2);
    await stores.offsets.createPartitions(ACME, TOPIC, 0, 1);
    await stores.offsets.createPartitions(ACME, other, 0, 3);
    await sealSome(6);
    await sealSome(4, other, 1);
    await settle();
    expect(await countRows('segments')).toBe(10);
    await stores.offsets.trim(ACME, refOf(), 4 * SEAL + 1);
    await stores.offsets.dropPartitions(ACME, other, 3);
    await settle();
    expect(await countRows('segments')).toBe(2);
    expect(await countRows('partitions')).toBe(1);
    expect(await countRows('dead')).toBe(0);
    expect((await stores.offsets.readIndex(ACME, refOf(), 4 * SEAL + 1, 1))?.baseOffset).toBe(4 * SEAL + 1);
  });

  it('starts a topic that is made again under the same id from nothing', async () => {
    await stores.offsets.createPartitions(ACME, TOPIC, 0, 1);
    await sealSome(3);
    await settle();
    await stores.offsets.dropPartitions(ACME, TOPIC, 1);
    await stores.offsets.createPartitions(ACME, TOPIC, 0, 1);
    await sealSome(2);
    await settle();
    expect((await headOf(stores.offsets, refOf())).nextOffset).toBe(2 * SEAL);
    expect(await countRows('segments')).toBe(2);
    expect((await stores.offsets.readIndex(ACME, refOf(), 0, 1))?.entries).toHaveLength(1);
  });

  it('forgets answers that are past their time', async () => {
    await stores.offsets.createPartitions(ACME, TOPIC, 0, 1);
    for (const [at, key] of ['short', 'long'].entries()) {
      const record: IdempotencyRecord = { key, fingerprint: new Uint8Array(32), expiresAt: clock.now() + 1 + at * 1e9 };
      await stores.offsets.claim(ACME, record, clock.now());
      await stores.offsets.commitAtomic(ACME, TOPIC, [], record, () => Buffer.from('answer'));
    }
    await settle();
    expect(await countRows('answers')).toBe(2);
    // Time passes for the store as its callers say that it does.
    const later: IdempotencyRecord = { key: 'later', fingerprint: new Uint8Array(32), expiresAt: clock.now() + 1000 };
    await stores.offsets.claim(ACME, later, clock.now());
    await append(stores, 1);
    await settle();
    expect(await countRows('answers')).toBe(1);
  });

  it('keeps more partitions right than it keeps in memory', async () => {
    const topics = [1, 2, 3].map(topicIdOf);
    for (const topic of topics) await stores.offsets.createPartitions(ACME, topic, 0, 1024);
    await settle();
    const refs = topics.flatMap((topic) => [0, 511, 1023].map((partition) => refOf(partition, topic)));
    for (const [at, ref] of refs.entries()) {
      for (const entry of entriesOf(at)) {
        await stores.offsets.commit(ACME, ref.topicId, { partition: ref.partition, entry, fence: 0 });
      }
      await stores.offsets.readHeads(
        ACME,
        Array.from({ length: 1024 }, (_, p) => refOf(p, topics[at % 3]!)),
      );
    }
    await settle();
    await stores.offsets.readHeads(
      ACME,
      Array.from({ length: 1024 }, (_, p) => refOf(p, topics[0]!)),
    );
    const heads = await stores.offsets.readHeads(ACME, refs);
    expect(heads.map((head) => head?.nextOffset)).toEqual(refs.map((_, at) => at));
  });
});
