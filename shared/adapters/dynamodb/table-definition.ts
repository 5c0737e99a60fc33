import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** The item attribute after whose time, in seconds since the epoch, DynamoDB may delete the item. */
export const TTL_ATTRIBUTE = 'ttl';

/** The one table, as tests and emulators make it; deployments make the same one with CDK. */
export const tableDefinition = (tableName: string): CreateTableCommandInput => ({
  TableName: tableName,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
});
