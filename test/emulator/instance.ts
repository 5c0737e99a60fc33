import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createListener } from '../../functions/local/listener.ts';
import { createDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { createDynamoGroupStore } from '../../shared/adapters/dynamodb/dynamo-group-store.ts';
import { createDynamoKeyStore } from '../../shared/adapters/dynamodb/dynamo-key-store.ts';
import { createDynamoOffsetStore } from '../../shared/adapters/dynamodb/dynamo-offset-store.ts';
import { createDynamoTenantRegistry } from '../../shared/adapters/dynamodb/dynamo-tenant-registry.ts';
import { createDynamoTopicRegistry } from '../../shared/adapters/dynamodb/dynamo-topic-registry.ts';
import { createInlineBlobStore, INLINE_BYTES } from '../../shared/adapters/dynamodb/inline-blob-store.ts';
import { createPlacedBlobStore } from '../../shared/adapters/placement/placed-blob-store.ts';
import { createStandardBlobStore } from '../../shared/adapters/placement/standard-blob-store.ts';
import { createPollingCommitSignal } from '../../shared/adapters/polling/polling-commit-signal.ts';
import { createS3Client } from '../../shared/adapters/s3/client.ts';
import { createS3Bucket } from '../../shared/adapters/s3/s3-bucket.ts';
import { BufferPool } from '../../shared/lib/buffer-pool.ts';
import { BatchCache } from '../../shared/log/batch-cache.ts';
import { GroupCommit } from '../../shared/log/group-commit.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { systemRandom } from '../../shared/runtime/system-random.ts';
import { memoryService } from '../support/memory-service.ts';

/** Where an instance finds what it shares with the others. */
export interface InstancePlace {
  readonly dynamoDbEndpoint: string;
  readonly awsEndpoint: string;
  readonly tableName: string;
  readonly bucket: string;
}

const MIB = 1024 * 1024;
const GROUP_COMMIT = {
  maxPendingBytes: 64 * MIB,
  maxPendingRequests: 1000,
  flushBytes: 4 * MIB,
  commitTimeoutMs: 10_000,
};
const ACCESS = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

const serviceAt = ({ dynamoDbEndpoint, awsEndpoint, tableName, bucket }: InstancePlace) => {
  const client = createDynamoClient({ ...ACCESS, endpoint: dynamoDbEndpoint });
  const s3 = createS3Client({ ...ACCESS, endpoint: awsEndpoint, forcePathStyle: true });
  const table = { client, tableName, clock: systemClock, random: systemRandom };
  const blobs = createPlacedBlobStore({
    stores: {
      inline: createInlineBlobStore(table),
      standard: createStandardBlobStore({ ...table, bucket: createS3Bucket({ client: s3, bucket }) }),
    },
    inlineLimitBytes: INLINE_BYTES,
    clock: systemClock,
  });
  const ports = {
    clock: systemClock,
    random: systemRandom,
    offsets: createDynamoOffsetStore(table),
    blobs,
    topics: createDynamoTopicRegistry(table),
    tenants: createDynamoTenantRegistry(table),
    keys: createDynamoKeyStore(table),
    groups: createDynamoGroupStore(table),
    signal: createPollingCommitSignal(systemClock),
  };
  const cache = new BatchCache(blobs, 8 * MIB, new BufferPool(8 * MIB));
  return memoryService({ ...ports, groupCommit: new GroupCommit(ports, GROUP_COMMIT), cache });
};

/** A process of its own, which shares nothing with another one but the table and the bucket. Tells its parent its address, and ends with it. */
const place = JSON.parse(process.argv[2] ?? '') as InstancePlace;
const server = createServer(createListener(serviceAt(place)));
server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
process.once('disconnect', () => process.exit());
