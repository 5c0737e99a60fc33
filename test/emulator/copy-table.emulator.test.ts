import { expect, it } from 'vitest';
import { copyTable } from '../../scripts/aws/copy-table.ts';
import { createDynamoOffsetStore } from '../../shared/adapters/dynamodb/dynamo-offset-store.ts';
import { SEAL } from '../../shared/ports/offset-store.ts';
import { writeEntries } from '../support/honest-writer.ts';
import { ACME, entriesOf, readWholeIndex, refOf, TOPIC } from '../support/index-fixtures.ts';
import { openTable } from './dynamo-under-test.ts';

it('a table is what the restored one was, without what came later', async () => {
  const [first, restored] = [await openTable('DynamoDB Local'), await openTable('DynamoDB Local')];
  const [now, then] = [createDynamoOffsetStore(first), createDynamoOffsetStore(restored)];
  const entries = entriesOf(4 * SEAL);
  for (const store of [now, then]) {
    await store.createPartitions(ACME, TOPIC, 0, 1);
    await writeEntries(store, refOf(), entries.slice(0, SEAL + 3));
  }
  await writeEntries(now, refOf(), entries.slice(SEAL + 3));
  const { copied, removed } = await copyTable(first.client, restored.tableName, first.tableName);
  expect(copied).toBeGreaterThan(0);
  expect(removed).toBeGreaterThan(0);
  const reopened = createDynamoOffsetStore(first);
  const before = await readWholeIndex(then, refOf());
  expect(await readWholeIndex(reopened, refOf())).toEqual(before);
  await writeEntries(reopened, refOf(), entriesOf(SEAL));
  expect((await readWholeIndex(reopened, refOf())).length).toBe(before.length + SEAL);
  await Promise.all([first.close(), restored.close()]);
});
