import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { v7 } from 'uuid';
import { inject } from 'vitest';
import { createDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import type { InlineBlobOptions } from '../../shared/adapters/dynamodb/inline-blob-store.ts';
import { tableDefinition } from '../../shared/adapters/dynamodb/table-definition.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** What answers as LocalStack does: S3, and a DynamoDB of its own. */
    readonly awsEndpoint: string;
    /** AWS's own DynamoDB Local. */
    readonly dynamoDbEndpoint: string;
  }
}

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** What an emulator asks for: it checks nothing. */
export const ACCESS = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

export const DYNAMODBS = [
  { name: 'DynamoDB Local', endpoint: () => inject('dynamoDbEndpoint') },
  { name: 'MiniStack', endpoint: () => inject('awsEndpoint') },
] as const;
export type DynamoDbName = (typeof DYNAMODBS)[number]['name'];

const clients = new Map<string, DynamoDBClient>();

const endpointOf = (name: DynamoDbName): string => DYNAMODBS.find((each) => each.name === name)!.endpoint();

export const dynamoClient = (name: DynamoDbName): DynamoDBClient => {
  const endpoint = endpointOf(name);
  const client = clients.get(endpoint) ?? createDynamoClient({ ...ACCESS, endpoint });
  clients.set(endpoint, client);
  return client;
};

const administrators = new Map<DynamoDbName, DynamoDBClient>();

/** Makes and deletes tables, with the SDK's own retries: an emulator closes connections that have been idle for long. */
const administrator = (name: DynamoDbName): DynamoDBClient => {
  const known =
    administrators.get(name) ?? new DynamoDBClient({ ...ACCESS, endpoint: endpointOf(name), maxAttempts: 5 });
  administrators.set(name, known);
  return known;
};

export interface TableUnderTest extends InlineBlobOptions {
  readonly client: DynamoDBClient;
  close(): Promise<void>;
}

/** A table of its own, empty. */
export const openTable = async (name: DynamoDbName): Promise<TableUnderTest> => {
  const client = dynamoClient(name);
  const tableName = `chasqui-${randomUUID()}`;
  const admin = administrator(name);
  await admin.send(new CreateTableCommand(tableDefinition(tableName)));
  return {
    client,
    tableName,
    clock: { now: Date.now, sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }) },
    random: { fraction: Math.random, uuid: v7 },
    close: async () => {
      await admin.send(new DeleteTableCommand({ TableName: tableName }));
    },
  };
};
