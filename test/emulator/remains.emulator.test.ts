import { DeleteItemCommand, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoGroupStore } from '../../shared/adapters/dynamodb/dynamo-group-store.ts';
import { createDynamoSubscriptionStore } from '../../shared/adapters/dynamodb/dynamo-subscription-store.ts';
import { createDynamoRemains } from '../../shared/adapters/dynamodb/remains.ts';
import type { GroupName, MemberName, SubscriptionId, TopicName } from '../../shared/contract/ids.ts';
import { putSubscription } from '../../shared/delivery/subscriptions.ts';
import { putTopic } from '../../shared/tenancy/topics.ts';
import { ACME, topicIdOf } from '../support/index-fixtures.ts';
import { ALL, memoryService } from '../support/memory-service.ts';
import { openTable, type TableUnderTest } from './dynamo-under-test.ts';

const ID = 'push' as SubscriptionId;
const GROUP = 'billing' as GroupName;
const ORDERS = 'orders' as TopicName;
const ALICE = { name: 'alice' as MemberName, generation: 1 };
const MINUTE_MS = 60_000;

/** A client whose process dies before it can delete anything. */
const dying = (client: DynamoDBClient): DynamoDBClient =>
  new Proxy(client, {
    get: (target, name) => {
      if (name !== 'send') return Reflect.get(target, name);
      return async (command: unknown, options: object) => {
        if (command instanceof DeleteItemCommand) throw new Error('killed');
        return target.send(command as ScanCommand, options);
      };
    },
  });

const later = (table: TableUnderTest, minutes: number): TableUnderTest => ({
  ...table,
  clock: { ...table.clock, now: () => Date.now() + minutes * MINUTE_MS },
});

/** Sort keys of what is there under such a partition key, in order. */
const itemsUnder = async ({ client, tableName }: TableUnderTest, pk: string): Promise<string[]> => {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
  return Items.filter((item) => item['pk']?.S === pk)
    .map(({ sk }) => sk?.S ?? '')
    .sort();
};

describe('what a removal that was broken off has left', () => {
  let table: TableUnderTest;
  const notes = (): Promise<string[]> => itemsUnder(table, '_operator/remains');
  beforeAll(async () => {
    table = await openTable('DynamoDB Local');
  });
  afterAll(() => table.close());

  it('of a subscription, and what a worker wrote who did not know of it, goes when nobody can be at work on it', async () => {
    const store = createDynamoSubscriptionStore(table);
    const service = memoryService({ subscriptions: store });
    await putTopic(service, ACME, ORDERS, {});
    const given = { topic: ORDERS, endpoint: { url: 'https://hooks.example.com/' } };
    const { subscription } = await putSubscription(service, { tenant: ACME, scopes: ALL }, ID, given);
    const { uid } = subscription;
    const lease = { owner: 'w', expiresAt: Date.now() + MINUTE_MS };
    const acquire = (partition: number) => store.acquire(ACME, { uid, partition }, lease, Date.now());
    await acquire(0);
    await store.save(ACME, { uid, partition: 0 }, lease, { epoch: 1, committedOffset: 1, done: [], retries: [] });
    await expect(
      createDynamoSubscriptionStore({ ...table, client: dying(table.client) }).remove(ACME, subscription),
    ).rejects.toThrow();
    expect(await store.get(ACME, ID)).toBeUndefined();
    await acquire(1);
    const left = () => itemsUnder(table, `${ACME}/push/${uid}`);
    await createDynamoRemains(later(table, 14)).clear();
    expect(await left()).toHaveLength(2);
    await createDynamoRemains(later(table, 16)).clear();
    expect([await left(), await notes()]).toEqual([[], []]);
  });

  it('of a group goes, and nothing of the group that has its name by then', async () => {
    const store = createDynamoGroupStore(table);
    const member = { ...ALICE, topics: [ORDERS], sessionTimeoutMs: 3000, expiresAt: Date.now() };
    const lease = (partition: number, committedOffset: number) => ({
      ...{ topic: ORDERS, topicId: topicIdOf(1), partition, version: 1, owner: null, ownership: 1 },
      ...{ committedOffset, seeks: 0, fenced: false, revocation: null },
    });
    const make = async (partitions: readonly number[]) => {
      const group = { name: GROUP, ...(await store.drawGeneration(ACME, GROUP, Date.now())) };
      await store.addMember(ACME, group, member);
      for (const partition of partitions) await store.writeLease(ACME, group, lease(partition, group.incarnation));
      return group;
    };
    await make([0, 1, 2]);
    await expect(
      createDynamoGroupStore({ ...table, client: dying(table.client) }).remove(ACME, GROUP),
    ).rejects.toThrow();
    expect(await store.read(ACME, GROUP)).toBeUndefined();
    const { incarnation } = await make([0]);
    expect(await itemsUnder(table, `${ACME}/group/${GROUP}`)).toHaveLength(5);
    await createDynamoRemains(later(table, 16)).clear();
    expect(await itemsUnder(table, `${ACME}/group/${GROUP}`)).toHaveLength(3);
    expect(await store.read(ACME, GROUP)).toMatchObject({ members: [ALICE], leases: [lease(0, incarnation)] });
    expect(await notes()).toEqual([]);
  });
});
