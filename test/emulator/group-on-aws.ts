import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoGroupStore } from '../../shared/adapters/dynamodb/dynamo-group-store.ts';
import { createDynamoOffsetStore } from '../../shared/adapters/dynamodb/dynamo-offset-store.ts';
import { createDynamoTopicRegistry } from '../../shared/adapters/dynamodb/dynamo-topic-registry.ts';
import { createInlineBlobStore } from '../../shared/adapters/dynamodb/inline-blob-store.ts';
import { type GroupUnderTest, groupUnderTest } from '../support/group-under-test.ts';
import { type DynamoDbName, dynamoClientOf, openTable } from './dynamo-under-test.ts';
import { Wire } from './wire.ts';

/** A client with a wire of its own; one thing at a time. */
export interface Wired {
  readonly client: DynamoDBClient;
  readonly wire: Wire;
}

export const openWired = (name: DynamoDbName): Wired => {
  const wired = { client: dynamoClientOf(name), wire: new Wire() };
  wired.wire.attach(wired.client);
  return wired;
};

export interface GroupOnAws extends GroupUnderTest {
  readonly wire: Wire;
  close(): Promise<void>;
}

/** A group in a table of its own, its members' time moved by hand, and the wire between. Its log is there too, or in memory. */
export const groupOnAws = async (
  name: DynamoDbName,
  partitions: number,
  logIn: 'the table' | 'memory',
  { client, wire }: Wired,
): Promise<GroupOnAws> => {
  const plain = await openTable(name);
  const table = { ...plain, client };
  const logPorts = () => ({
    offsets: createDynamoOffsetStore(table),
    blobs: createInlineBlobStore(table),
    topics: createDynamoTopicRegistry(table),
  });
  const group = await groupUnderTest(partitions, () => ({
    ...(logIn === 'memory' ? {} : logPorts()),
    groups: createDynamoGroupStore(table),
  }));
  return { ...group, wire, close: plain.close };
};
