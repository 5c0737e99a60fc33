import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoClient } from '../adapters/dynamodb/client.ts';
import { createDynamoGroupStore } from '../adapters/dynamodb/dynamo-group-store.ts';
import { createDynamoKeyStore } from '../adapters/dynamodb/dynamo-key-store.ts';
import { createDynamoOffsetStore } from '../adapters/dynamodb/dynamo-offset-store.ts';
import { createDynamoSubscriptionStore } from '../adapters/dynamodb/dynamo-subscription-store.ts';
import { createDynamoTenantRegistry } from '../adapters/dynamodb/dynamo-tenant-registry.ts';
import { createDynamoTopicRegistry } from '../adapters/dynamodb/dynamo-topic-registry.ts';
import type { TableOptions } from '../adapters/dynamodb/table.ts';
import { createPollingCommitSignal } from '../adapters/polling/polling-commit-signal.ts';
import { readSecret as readSecretText } from '../adapters/secrets/read-secret.ts';
import type { TenantId } from '../contract/ids.ts';
import { BufferPool } from '../lib/buffer-pool.ts';
import { BatchCache } from '../log/batch-cache.ts';
import { GroupCommit } from '../log/group-commit.ts';
import type { BlobRepair } from '../ports/blob-repair.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Deployment } from '../ports/deployment.ts';
import type { KeyStore } from '../ports/key-store.ts';
import type { Log } from '../ports/log.ts';
import type { Ports } from '../ports/ports.ts';
import type { TopicRegistry } from '../ports/topic-registry.ts';
import { type AwsConfig, readAwsConfig } from './aws-config.ts';
import { createAwsLog } from './aws-log.ts';
import { OperatorKeyHash } from './aws-operator-key.ts';
import { Remembered } from './aws-remembered.ts';
import { systemClock } from './system-clock.ts';
import { systemRandom } from './system-random.ts';
import { VERSION } from './version.ts';

const MIB = 1024 * 1024;
const BATCH_CACHE_BYTES = 64 * MIB;
/** Of warm memory that nobody uses. */
const POOL_BYTES = 16 * MIB;
/** One request at a time in Lambda as it usually runs, many where instances are managed. */
const GROUP_COMMIT = {
  maxPendingBytes: 64 * MIB,
  maxPendingRequests: 10_000,
  flushBytes: 4 * MIB,
  commitTimeoutMs: 10_000,
};

/** What ends every wait when the process has to go. */
export interface Stoppable {
  start(): Promise<void>;
}

export interface AwsOptions<Drain extends Stoppable> {
  readonly functionName: string;
  readonly drain: Drain;
  /** Where batches are; a function that has to do with none takes `noBlobs`. */
  readonly blobs: (table: TableOptions, config: AwsConfig) => AwsBlobs;
  /** Whether topics may be as they were some seconds ago. Whoever changes them has to see them as they are. */
  readonly remembersTopics: boolean;
}

/** A store of batches, and how to make its connection before it is needed. */
export interface AwsBlobs extends BlobStore, BlobRepair {
  warm(): Promise<void>;
}

/** The text of a secret of Secrets Manager, by its ARN. */
type ReadSecret = (secret: string) => Promise<string>;

/** The AWS world: the ports of one process, and what it shares between requests. */
export interface Aws<Drain extends Stoppable> extends Ports {
  readonly groupCommit: GroupCommit;
  readonly cache: BatchCache;
  readonly pool: BufferPool;
  readonly repairs: BlobRepair;
  readonly remembered: Remembered;
  readonly version: string;
  readonly operatorKeyHash: Uint8Array;
  readonly operatorKey: OperatorKeyHash;
  /** Past what is remembered: the topics as they are. */
  readonly currentTopics: TopicRegistry;
  /** For a store that one function alone has. */
  readonly table: TableOptions;
  readonly readSecret: ReadSecret;
  readonly log: Log;
  readonly drain: Drain;
}

const WARM_UP_TENANT = '_warm-up' as TenantId;

/** Opens the connections while the function starts, when nobody waits and the processor is all ours. A failure is the first request's. */
const warmUp = async (keys: KeyStore, blobs: AwsBlobs, operatorKey: OperatorKeyHash): Promise<void> => {
  const looks = [keys.findBySecret(WARM_UP_TENANT, 'none'), blobs.warm(), operatorKey.refresh()];
  await Promise.allSettled(looks);
};

/** With the region and the credentials that the client of DynamoDB has found. */
const secretReader =
  ({ config }: DynamoDBClient, { endpoint }: AwsConfig): ReadSecret =>
  async (secret) => {
    const [region, credentials] = await Promise.all([config.region(), config.credentials()]);
    return readSecretText(secret, { region, credentials, endpoint, now: Date.now() });
  };

const operatorKeyOf = (read: ReadSecret, { operatorSecret }: AwsConfig, log: Log): OperatorKeyHash =>
  new OperatorKeyHash(
    () => read(operatorSecret),
    Date.now,
    (error) => log.write('error', 'operator key unreadable', { error }),
  );

const deploymentOf = ({ zoneBuckets, replicationFactor }: AwsConfig): Deployment => ({
  zones: Math.max(1, zoneBuckets.length),
  replicationFactor,
});

type StorePorts = Omit<Ports, 'deployment'>;

const portsOf = (table: TableOptions, blobs: AwsBlobs, remembered: Remembered, topics: TopicRegistry): StorePorts => ({
  clock: systemClock,
  random: systemRandom,
  offsets: createDynamoOffsetStore(table),
  blobs,
  topics,
  tenants: createDynamoTenantRegistry(table),
  groups: createDynamoGroupStore(table),
  subscriptions: createDynamoSubscriptionStore(table),
  keys: remembered.keys(createDynamoKeyStore(table)),
  signal: createPollingCommitSignal(systemClock),
});

/** Lambda gives a process that it ends some hundred milliseconds. */
const endOnSignal = (drain: Stoppable, groupCommit: GroupCommit): void => {
  process.once('SIGTERM', () => {
    void Promise.allSettled([drain.start(), groupCommit.idle()]).then(() => process.exit(0));
  });
};

/** An emulator shares its machine with everything else, and answers when it comes to it. */
const EMULATOR_TIMEOUT_MS = 10_000;

const tableOf = (client: DynamoDBClient, config: AwsConfig): TableOptions => ({
  client,
  tableName: config.table,
  clock: systemClock,
  random: systemRandom,
  ...(config.endpoint === undefined ? {} : { timeoutMs: EMULATOR_TIMEOUT_MS }),
});

/** @throws {StartError} when the deployment has not said where things are */
export const openAws = async <Drain extends Stoppable>(options: AwsOptions<Drain>): Promise<Aws<Drain>> => {
  const config = readAwsConfig();
  const log = createAwsLog({ ...config, functionName: options.functionName, level: config.logLevel });
  const client = createDynamoClient();
  const table = tableOf(client, config);
  const blobs = options.blobs(table, config);
  const remembered = new Remembered(systemClock);
  const deployment = deploymentOf(config);
  const currentTopics = createDynamoTopicRegistry(table);
  const topics = options.remembersTopics ? remembered.topics(currentTopics) : currentTopics;
  const ports = { ...portsOf(table, blobs, remembered, topics), deployment };
  const groupCommit = new GroupCommit(ports, GROUP_COMMIT);
  const pool = new BufferPool(POOL_BYTES);
  const readSecret = secretReader(client, config);
  const operatorKey = operatorKeyOf(readSecret, config, log);
  await warmUp(ports.keys, blobs, operatorKey);
  endOnSignal(options.drain, groupCommit);
  return {
    ...ports,
    groupCommit,
    cache: new BatchCache(blobs, BATCH_CACHE_BYTES, pool),
    pool,
    repairs: blobs,
    remembered,
    version: VERSION,
    operatorKey,
    currentTopics,
    table,
    readSecret,
    get operatorKeyHash() {
      return operatorKey.current;
    },
    log,
    drain: options.drain,
  };
};
