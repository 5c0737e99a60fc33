import { createDynamoGroupStore } from '../../shared/adapters/dynamodb/dynamo-group-store.ts';
import { createDynamoOffsetStore } from '../../shared/adapters/dynamodb/dynamo-offset-store.ts';
import { createDynamoTopicRegistry } from '../../shared/adapters/dynamodb/dynamo-topic-registry.ts';
import { createInlineBlobStore } from '../../shared/adapters/dynamodb/inline-blob-store.ts';
import { type GroupUnderTest, groupUnderTest } from '../support/group-under-test.ts';
import { ofFreshTenant, type WiredTable } from './wired-table.ts';

/** A group of its own in the table, its members' time moved by hand; its log in memory. */
export const groupOnAws = (table: WiredTable, partitions: number): Promise<GroupUnderTest> =>
  groupUnderTest(partitions, () => ({ groups: ofFreshTenant(createDynamoGroupStore(table)) }));

/** With its log, for one in a table. */
export const groupAndLogOnAws = (table: WiredTable, partitions: number): Promise<GroupUnderTest> =>
  groupUnderTest(partitions, () => ({
    offsets: createDynamoOffsetStore(table),
    blobs: createInlineBlobStore(table),
    topics: createDynamoTopicRegistry(table),
    groups: createDynamoGroupStore(table),
  }));
