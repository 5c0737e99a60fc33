import { v7 } from 'uuid';
import { inject } from 'vitest';
import { createDynamoClient } from '../../shared/adapters/dynamodb/client.ts';
import { createDynamoOffsetStore } from '../../shared/adapters/dynamodb/dynamo-offset-store.ts';
import { createDynamoTenantRegistry } from '../../shared/adapters/dynamodb/dynamo-tenant-registry.ts';
import { createInlineBlobStore, INLINE_BYTES } from '../../shared/adapters/dynamodb/inline-blob-store.ts';
import { createMemoryCommitSignal } from '../../shared/adapters/memory/memory-commit-signal.ts';
import { createPlacedBlobStore } from '../../shared/adapters/placement/placed-blob-store.ts';
import { createStandardBlobStore } from '../../shared/adapters/placement/standard-blob-store.ts';
import { createZonalBlobStore, type ZonalBlobStore } from '../../shared/adapters/placement/zonal-blob-store.ts';
import { createS3Client } from '../../shared/adapters/s3/client.ts';
import { createS3Bucket } from '../../shared/adapters/s3/s3-bucket.ts';
import type { TopicId } from '../../shared/contract/ids.ts';
import type { Topic } from '../../shared/contract/topic.ts';
import { BufferPool } from '../../shared/lib/buffer-pool.ts';
import { BatchCache } from '../../shared/log/batch-cache.ts';
import { type FetchedPartition, fetchPartition } from '../../shared/log/fetch-partition.ts';
import { GroupCommit } from '../../shared/log/group-commit.ts';
import { type ProduceResult, placeNow, produce } from '../../shared/log/produce.ts';
import { type OnceResult, produceOnce } from '../../shared/log/produce-once.ts';
import type { Start } from '../../shared/log/start-offset.ts';
import type { BlobStore } from '../../shared/ports/blob-store.ts';
import type { OffsetStore } from '../../shared/ports/offset-store.ts';
import { ACME } from '../support/index-fixtures.ts';
import { type CollectedRecord, collectRecords, recordOf, topicOf } from '../support/log-under-test.ts';
import { ACCESS, DYNAMODBS, type DynamoDbName, openTable, type TableUnderTest } from './dynamo-under-test.ts';
import { openBuckets } from './s3-under-test.ts';
import { Wire } from './wire.ts';

const OPTIONS = { maxPendingBytes: 1e8, maxPendingRequests: 1000, flushBytes: 1e6, commitTimeoutMs: 5000 };
const BOUNDS = { records: 1_000_000, bytes: 1_000_000_000 };

/** A value and the partition it is to go to. */
export type Wanted = readonly [partition: number, value: string];

/** One topic's log, as one function sees it: nothing cached from before but what its own calls have left. */
export class LogOnAws {
  readonly topic: Topic;
  readonly offsets: OffsetStore;
  readonly groupCommit: GroupCommit;
  readonly #aws: Aws;

  constructor(aws: Aws, topic: Topic) {
    this.#aws = aws;
    this.topic = topic;
    this.offsets = aws.offsets;
    this.groupCommit = new GroupCommit(this.#ports(), OPTIONS);
  }

  #ports() {
    const { offsets, blobs, table, signal } = this.#aws;
    const clock = { ...table.clock, turn: () => new Promise<void>((resolve) => setImmediate(resolve)) };
    return { offsets, blobs, clock, random: { ...table.random, bytes: () => new Uint8Array() }, signal };
  }

  produce(wanted: readonly Wanted[], expectedOffset?: number): Promise<ProduceResult[]> {
    const ports = { ...this.#ports(), groupCommit: this.groupCommit };
    const records = wanted.map(([partition, value]) => recordOf(value, { partition }));
    return produce(ports, {
      tenant: ACME,
      topic: this.topic,
      records,
      placement: placeNow(ports, this.topic),
      expectedOffset,
    });
  }

  produceOnce(key: string, wanted: readonly Wanted[]): Promise<OnceResult> {
    const tenants = createDynamoTenantRegistry(this.#aws.table);
    const ports = { ...this.#ports(), tenants, groupCommit: this.groupCommit };
    const records = wanted.map(([partition, value]) => recordOf(value, { partition }));
    const call = { tenant: ACME, topic: async () => this.topic, records, key, fingerprint: new Uint8Array(32) };
    return produceOnce(ports, call);
  }

  async fetch(partition: number, start: Start, records = BOUNDS.records) {
    const sink = collectRecords();
    const ports = { ...this.#ports(), cache: new BatchCache(this.#aws.blobs, 1_000_000, new BufferPool(1_000_000)) };
    const ref = { topicId: this.topic.id, partition };
    const call = { tenant: ACME, ref, start, waitMs: 0, bounds: { ...BOUNDS, records } };
    const numbers: FetchedPartition = await fetchPartition(ports, call, sink);
    return { ...numbers, records: sink.records as readonly CollectedRecord[] };
  }
}

export interface Aws {
  readonly table: TableUnderTest;
  readonly offsets: OffsetStore;
  readonly blobs: BlobStore;
  readonly signal: ReturnType<typeof createMemoryCommitSignal>;
  readonly wire: Wire;
  /** Names, in the order of the bits of a blob's mask. */
  readonly buckets: readonly string[];
  readonly zonal: ZonalBlobStore;
  /** A topic of its own, empty, and a log on it. */
  openLog(partitions?: number): Promise<LogOnAws>;
  /** The same topic as another instance sees it. */
  again(log: LogOnAws): LogOnAws;
  close(): Promise<void>;
}

/** DynamoDB and S3 behind one wire. `zones`: buckets to keep copies in; 0: one standard bucket. */
export const openAws = async (name: DynamoDbName, zones = 0): Promise<Aws> => {
  const plain = await openTable(name);
  const buckets = await openBuckets(Math.max(zones, 1));
  const wire = new Wire();
  const client = createDynamoClient({ ...ACCESS, endpoint: DYNAMODBS.find((each) => each.name === name)!.endpoint() });
  const s3 = createS3Client({ ...ACCESS, endpoint: inject('awsEndpoint'), forcePathStyle: true });
  for (const each of [client, s3]) wire.attach(each);
  const table = { ...plain, client };
  const places = buckets.names.map((bucket) => createS3Bucket({ client: s3, bucket }));
  const standard = createStandardBlobStore({ ...table, bucket: places[0]! });
  const replication = { copies: Math.max(zones, 1), quorum: Math.min(2, Math.max(zones, 1)) };
  const zonal = createZonalBlobStore({ ...table, zones: places, replication });
  const blobs = createPlacedBlobStore({
    stores: { inline: createInlineBlobStore(table), standard, ...(zones === 0 ? {} : { zonal }) },
    inlineLimitBytes: INLINE_BYTES,
    clock: table.clock,
  });
  const offsets = createDynamoOffsetStore(table);
  const aws: Aws = {
    table,
    offsets,
    blobs,
    signal: createMemoryCommitSignal(table.clock),
    wire,
    buckets: buckets.names,
    zonal,
    openLog: async (partitions = 1) => {
      const { copies, quorum } = replication;
      const settings = { replicationFactor: copies, writeQuorum: quorum };
      const topic = topicOf(partitions, { id: v7() as TopicId, ...settings });
      await offsets.createPartitions(ACME, topic.id, 0, partitions);
      return new LogOnAws(aws, topic);
    },
    again: (log) => new LogOnAws(aws, log.topic),
    close: async () => {
      client.destroy();
      s3.destroy();
      await Promise.all([plain.close(), buckets.close()]);
    },
  };
  return aws;
};
