import { randomUUID } from 'node:crypto';
import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { v7 } from 'uuid';
import { createDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { createDynamoOffsetStore } from '../../shared/adapters/dynamodb/dynamo-offset-store.ts';
import { createInlineBlobStore, INLINE_BYTES } from '../../shared/adapters/dynamodb/inline-blob-store.ts';
import { tableDefinition } from '../../shared/adapters/dynamodb/table-definition.ts';
import { createPlacedBlobStore } from '../../shared/adapters/placement/placed-blob-store.ts';
import { createStandardBlobStore } from '../../shared/adapters/placement/standard-blob-store.ts';
import { createZonalBlobStore } from '../../shared/adapters/placement/zonal-blob-store.ts';
import { createPollingCommitSignal } from '../../shared/adapters/polling/polling-commit-signal.ts';
import { BufferPool } from '../../shared/lib/buffer-pool.ts';
import { BatchCache } from '../../shared/log/batch-cache.ts';
import { GroupCommit } from '../../shared/log/group-commit.ts';
import { drawMs, LATENCIES, type Service } from './latency-model.ts';
import { createMemoryBucket } from './memory-bucket.ts';
import { VirtualTime } from './virtual-time.ts';

const ACCESS = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
const GROUP_COMMIT = { maxPendingBytes: 1e8, maxPendingRequests: 1000, flushBytes: 1e6, commitTimeoutMs: 10_000 };
const ZONES = 3;
const READS = new Set(['GetItem', 'BatchGetItem', 'Query']);

const serviceOf = (operation: string): Service => {
  if (operation === 'TransactWriteItems') return 'DynamoDB transaction';
  return READS.has(operation) ? 'DynamoDB read' : 'DynamoDB write';
};

/**
 * The log as functions wire it: DynamoDB Local behind the SDK, buckets in memory, and every call as long as AWS would take for it.
 * `calls` are the names of those that were made.
 */
export const openLogOnAws = async (endpoint: string, fraction: () => number) => {
  const time = new VirtualTime();
  const calls: string[] = [];
  const through = <Answer>(service: Service, operation: string, perform: () => Promise<Answer>): Promise<Answer> => {
    calls.push(operation);
    return time.call(drawMs(LATENCIES[service], fraction), perform);
  };
  const inner = createDynamoClient({ ...ACCESS, endpoint });
  const tableName = randomUUID();
  await inner.send(new CreateTableCommand(tableDefinition(tableName)));
  const send = (command: { readonly constructor: { readonly name: string } }, options: object) => {
    const operation = command.constructor.name.replace(/Command$/, '');
    return through(serviceOf(operation), operation, () => inner.send(command as never, options));
  };
  const random = { fraction, uuid: () => v7(), bytes: (length: number) => new Uint8Array(length) };
  const table = { client: { send } as unknown as Pick<DynamoDBClient, 'send'>, tableName, clock: time, random };
  const bucketOf = (service: Service) =>
    createMemoryBucket(service, (operation, perform) => through(service, operation, perform));
  const zones = Array.from({ length: ZONES }, () => bucketOf('S3 Express'));
  const world = { clock: time, random };
  const blobs = createPlacedBlobStore({
    stores: {
      inline: createInlineBlobStore(table),
      standard: createStandardBlobStore({ ...world, bucket: bucketOf('S3 Standard') }),
      zonal: createZonalBlobStore({ ...world, zones, replication: { copies: ZONES, quorum: 2 } }),
    },
    inlineLimitBytes: INLINE_BYTES,
    clock: time,
  });
  const offsets = createDynamoOffsetStore(table);
  const ports = { ...world, blobs, offsets, signal: createPollingCommitSignal(time) };
  const cache = new BatchCache(blobs, 1e6, new BufferPool(1e6));
  return {
    ...ports,
    groupCommit: new GroupCommit(ports, GROUP_COMMIT),
    cache,
    time,
    calls,
    close: () => inner.destroy(),
  };
};

export type LogOnAws = Awaited<ReturnType<typeof openLogOnAws>>;
