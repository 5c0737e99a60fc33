import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IndexTables, type TableName } from '../../../../../shared/adapters/embedded/index/index-tables.ts';
import type { TopicName } from '../../../../../shared/contract/ids.ts';
import type { Topic } from '../../../../../shared/contract/topic.ts';
import { IndexDamagedError, SEAL } from '../../../../../shared/ports/offset-store.ts';
import { ACME, entriesOf, refOf, TOPIC } from '../../../../support/index-fixtures.ts';
import { makeTestFolder, openAt, removeTestFolder } from '../support/test-folder.ts';

const NAME = 'orders' as TopicName;
const topic: Topic = {
  name: NAME,
  id: TOPIC,
  partitions: 1,
  retentionMs: -1,
  retentionBytes: -1,
  cleanupPolicy: 'delete',
  replicationFactor: 1,
  writeQuorum: 1,
  createdAt: '2025-10-09T08:53:20.000Z',
};

let folder: string;

beforeEach(async () => {
  folder = makeTestFolder();
  const stores = await openAt(folder);
  await stores.offsets.createPartitions(ACME, TOPIC, 0, 1);
  await stores.topics.create(ACME, topic);
  for (let round = 0; round < 2; round += 1) {
    const entries = entriesOf(SEAL);
    await Promise.all(entries.map((entry) => stores.offsets.commit(ACME, TOPIC, { partition: 0, entry, fence: 0 })));
    await stores.offsets.seal(ACME, refOf(), round * SEAL, entries);
  }
  await stores.close();
});
afterEach(() => removeTestFolder(folder));

type Rows = { key: Buffer; payload: Buffer }[];

/** Changes the rows of a table behind the store's back. */
const tamper = async (table: TableName, change: (rows: Rows, tables: IndexTables) => Promise<void>): Promise<void> => {
  const tables = new IndexTables(path.join(folder, 'index'));
  await change([...tables.range(table, { from: Buffer.alloc(1), to: Buffer.alloc(1, 0xff) })], tables);
  await tables.close();
  // As if it had happened after a crash: an orderly close leaves a checksum over everything.
  fs.rmSync(path.join(folder, 'index/data.mdb.crc'), { force: true });
};

const flip = (table: TableName): Promise<void> =>
  tamper(table, async (rows, tables) => {
    const { key, payload } = rows[0]!;
    const value = Buffer.concat([Buffer.alloc(4), payload]);
    await tables.write((batch) => batch.putGuarded(table, key, value));
  });

describe('an index that was damaged', () => {
  it('says so, and where, instead of giving out what a segment holds', async () => {
    await flip('segments');
    const stores = await openAt(folder);
    const read = stores.offsets.readIndex(ACME, refOf(), 0, 1);
    await expect(read).rejects.toBeInstanceOf(IndexDamagedError);
    await expect(read).rejects.toMatchObject({ place: expect.stringContaining('index/segments') });
    expect((await stores.offsets.readIndex(ACME, refOf(), SEAL, 1))?.entries).toHaveLength(1);
    await stores.close();
  });

  it('says so when a segment is missing', async () => {
    await tamper('segments', (rows, tables) => tables.write((batch) => batch.remove('segments', rows[0]!.key)));
    const stores = await openAt(folder);
    await expect(stores.offsets.readIndex(ACME, refOf(), 3, 1)).rejects.toBeInstanceOf(IndexDamagedError);
    await expect(stores.offsets.findTimestamp(ACME, refOf(), 0)).rejects.toBeInstanceOf(IndexDamagedError);
    await stores.close();
  });

  it('says so when a segment stands in the place of another', async () => {
    await tamper('segments', async ([first, second], tables) => {
      const value = Buffer.concat([Buffer.alloc(4), second!.payload]);
      await tables.write((batch) => batch.putGuarded('segments', first!.key, value));
    });
    const stores = await openAt(folder);
    await expect(stores.offsets.readIndex(ACME, refOf(), 0, 1)).rejects.toBeInstanceOf(IndexDamagedError);
    await stores.close();
  });

  it('says so of heads and topics', async () => {
    await flip('partitions');
    await flip('topics');
    const stores = await openAt(folder);
    await expect(stores.offsets.readHead(ACME, refOf())).rejects.toBeInstanceOf(IndexDamagedError);
    await expect(stores.topics.get(ACME, NAME)).rejects.toBeInstanceOf(IndexDamagedError);
    await expect(stores.topics.list(ACME, { limit: 10 })).rejects.toBeInstanceOf(IndexDamagedError);
    const entry = entriesOf(1)[0]!;
    const commit = stores.offsets.commit(ACME, TOPIC, { partition: 0, entry, fence: 0 });
    await expect(commit).rejects.toBeInstanceOf(IndexDamagedError);
    await stores.close();
  });

  it('does not open when the place of the checkpoint is damaged', async () => {
    await flip('state');
    await expect(openAt(folder)).rejects.toMatchObject({ reason: 'damaged' });
  });
});
