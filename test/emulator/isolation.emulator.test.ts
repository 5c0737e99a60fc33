import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { createDynamoKeyStore } from '../../shared/adapters/dynamodb/dynamo-key-store.ts';
import { createDynamoOffsetStore } from '../../shared/adapters/dynamodb/dynamo-offset-store.ts';
import { createDynamoTenantRegistry } from '../../shared/adapters/dynamodb/dynamo-tenant-registry.ts';
import { createDynamoTopicRegistry } from '../../shared/adapters/dynamodb/dynamo-topic-registry.ts';
import { createInlineBlobStore } from '../../shared/adapters/dynamodb/inline-blob-store.ts';
import type { KeyId, TenantId } from '../../shared/contract/ids.ts';
import { SEAL } from '../../shared/ports/offset-store.ts';
import { writeEntries } from '../support/honest-writer.ts';
import { ACME, entriesOf, entryOf, GLOBEX, headOf, refOf, TOPIC } from '../support/index-fixtures.ts';
import { topicOf } from '../support/log-under-test.ts';
import { openTable, type TableUnderTest } from './dynamo-under-test.ts';

/** Everything that writes, once. */
const useEverything = async (table: TableUnderTest, tenant: TenantId): Promise<void> => {
  const [offsets, topics, tenants] = [
    createDynamoOffsetStore(table),
    createDynamoTopicRegistry(table),
    createDynamoTenantRegistry(table),
  ];
  const createdAt = '2025-10-09T08:53:20.000Z';
  await tenants.create({ id: tenant, name: tenant, createdAt });
  await topics.create(tenant, topicOf(1));
  const secrets = [{ sha256: `${tenant}-a` }, { sha256: `${tenant}-b` }];
  await createDynamoKeyStore(table).create(tenant, { id: 'k' as KeyId, name: 'k', scopes: [], createdAt, secrets });
  await createInlineBlobStore(table).put(tenant, [Buffer.from('hello')]);
  await offsets.createPartitions(tenant, TOPIC, 0, 2);
  await writeEntries(offsets, refOf(), entriesOf(SEAL + 1), tenant);
  await offsets.bumpFence(tenant, refOf());
  await offsets.trim(tenant, refOf(), 3);
  const record = { key: 'key/with/slashes', fingerprint: new Uint8Array(32), expiresAt: Date.now() + 1000 };
  await offsets.claim(tenant, record, Date.now());
  const { fence } = await headOf(offsets, refOf(), tenant);
  const append = { partition: 0, entry: entryOf(), fence };
  await offsets.commitAtomic(tenant, TOPIC, [append], record, () => Buffer.from('answer'));
  await offsets.dropPartitions(tenant, TOPIC, 2);
};

it('every key begins with its tenant, but for the list of the tenants', async () => {
  const table = await openTable('DynamoDB Local');
  const tenants = [ACME, GLOBEX, 'acme.2', '_'] as TenantId[];
  for (const tenant of tenants) await useEverything(table, tenant);
  const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.tableName }));
  const keys = Items.map((item) => item['pk']!.S!);
  const operators = keys.filter((key) => key.startsWith('_operator/'));
  expect(operators).toHaveLength(tenants.length);
  const counts = tenants.map((tenant) => keys.filter((key) => key.startsWith(`${tenant}/`)).length);
  expect(new Set(counts)).toEqual(new Set([(keys.length - operators.length) / tenants.length]));
  expect(counts[0]).toBe(11);
  await table.close();
});
