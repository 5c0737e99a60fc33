import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { createDynamoOffsetStore } from '../../shared/adapters/dynamodb/dynamo-offset-store.ts';
import { createDynamoSubscriptionStore } from '../../shared/adapters/dynamodb/dynamo-subscription-store.ts';
import { createDynamoTopicRegistry } from '../../shared/adapters/dynamodb/dynamo-topic-registry.ts';
import { headKey } from '../../shared/adapters/dynamodb/keys.ts';
import type { SubscriptionId, TopicName } from '../../shared/contract/ids.ts';
import { deleteSubscription, putSubscription } from '../../shared/delivery/subscriptions.ts';
import { patchTopic, putTopic } from '../../shared/tenancy/topics.ts';
import { ACME } from '../support/index-fixtures.ts';
import { ALL, memoryService } from '../support/memory-service.ts';
import { openTable } from './dynamo-under-test.ts';

it('every partition of a topic with a subscription lets its commits wake the workers, those that come later too, and none without one', async () => {
  const table = await openTable('DynamoDB Local');
  const service = memoryService({
    offsets: createDynamoOffsetStore(table),
    topics: createDynamoTopicRegistry(table),
    subscriptions: createDynamoSubscriptionStore(table),
  });
  const name = 'orders' as TopicName;
  const { topic } = await putTopic(service, ACME, name, { partitions: 2 });
  const marks = async (partitions: number): Promise<(string | undefined)[]> => {
    const looks = Array.from({ length: partitions }, (_, partition) =>
      table.client.send(
        new GetItemCommand({ TableName: table.tableName, Key: { ...headKey(ACME, { topicId: topic.id, partition }) } }),
      ),
    );
    return (await Promise.all(looks)).map(({ Item }) => Item?.['p']?.N);
  };
  await patchTopic(service, ACME, name, { partitions: 3 });
  expect(await marks(3)).toEqual([undefined, undefined, undefined]);
  const endpoint = { url: 'https://hooks.example.com/' };
  const caller = { tenant: ACME, scopes: ALL };
  await putSubscription(service, caller, 'push' as SubscriptionId, { topic: name, endpoint });
  await patchTopic(service, ACME, name, { partitions: 5 });
  expect(await marks(5)).toEqual(['1', '1', '1', '1', '1']);

  // Whoever comes while partitions are added: each finds what the other has not seen.
  await Promise.all([
    patchTopic(service, ACME, name, { partitions: 9 }),
    putSubscription(service, caller, 'other' as SubscriptionId, { topic: name, endpoint }),
  ]);
  expect(new Set(await marks(9))).toEqual(new Set(['1']));

  await deleteSubscription(service, caller, 'push' as SubscriptionId);
  expect(new Set(await marks(9))).toEqual(new Set(['1']));
  await deleteSubscription(service, caller, 'other' as SubscriptionId);
  expect(new Set(await marks(9))).toEqual(new Set([undefined]));
  await table.close();
});
