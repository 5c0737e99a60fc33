import type { TenantId, TopicName } from '../../shared/contract/ids.ts';
import type { RecordInput } from '../../shared/contract/record.ts';
import type { Topic } from '../../shared/contract/topic.ts';
import { BufferPool } from '../../shared/lib/buffer-pool.ts';
import { BatchCache } from '../../shared/log/batch-cache.ts';
import { fetchPartition } from '../../shared/log/fetch-partition.ts';
import { GroupCommit, type GroupCommitOptions } from '../../shared/log/group-commit.ts';
import { type ProduceCall, type ProduceResult, placeNow, produce } from '../../shared/log/produce.ts';
import type { RecordCursor } from '../../shared/log/record-batch/cursor.ts';
import type { RecordSink } from '../../shared/log/record-sink.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { ACME, TOPIC } from './index-fixtures.ts';
import { createLossyOffsetStore, type LossyOffsetStore } from './lossy-offset-store.ts';
import { type MemoryPorts, memoryPorts } from './memory-ports.ts';

const OPTIONS: GroupCommitOptions = {
  maxPendingBytes: 1_000_000,
  maxPendingRequests: 1000,
  flushBytes: 100_000,
  commitTimeoutMs: 5000,
};

export interface LogUnderTest {
  readonly ports: MemoryPorts & { readonly offsets: LossyOffsetStore };
  readonly groupCommit: GroupCommit;
  readonly cache: BatchCache;
  readonly topic: Topic;
  produce(records: readonly RecordInput[], call?: Partial<ProduceCall>): Promise<ProduceResult[]>;
  /** Every record's value, in the order of the offsets. */
  values(partition?: number): Promise<string[]>;
}

export const topicOf = (partitions: number, fields: Partial<Topic> = {}): Topic => ({
  name: 'orders' as TopicName,
  id: TOPIC,
  partitions,
  retentionMs: -1,
  retentionBytes: -1,
  cleanupPolicy: 'delete',
  replicationFactor: 1,
  writeQuorum: 1,
  createdAt: '2025-10-09T08:53:20.000Z',
  ...fields,
});

/** A topic on stores in memory whose writes can lose their answers. */
export const createLogUnderTest = async (
  partitions = 1,
  options: Partial<GroupCommitOptions> = {},
  change: (ports: Ports) => Partial<Ports> = () => ({}),
): Promise<LogUnderTest> => {
  const plain = memoryPorts();
  const offsets = createLossyOffsetStore(plain.offsets);
  const ports = { ...plain, offsets, ...change({ ...plain, offsets }) } as LogUnderTest['ports'];
  await ports.offsets.createPartitions(ACME, TOPIC, 0, partitions);
  const groupCommit = new GroupCommit(ports, { ...OPTIONS, ...options });
  const cache = new BatchCache(ports.blobs, 1_000_000, new BufferPool(1_000_000));
  const topic = topicOf(partitions);
  await ports.topics.create(ACME, topic);
  return {
    ports,
    groupCommit,
    cache,
    topic,
    produce: (records, call) =>
      produce(
        { ...ports, groupCommit },
        { tenant: ACME, topic, records, placement: placeNow({ ...ports, groupCommit }, topic), ...call },
      ),
    values: async (partition = 0) => {
      const sink = collectRecords();
      const call = { tenant: ACME as TenantId, ref: { topicId: topic.id, partition }, waitMs: 0 };
      const bounds = { records: 1_000_000, bytes: 1_000_000_000 };
      await fetchPartition({ ...ports, cache }, { ...call, start: { kind: 'earliest' }, bounds }, sink);
      return sink.records.map(({ value }) => value ?? '∅');
    },
  };
};

export const recordOf = (value: string | null, fields: Partial<RecordInput> = {}): RecordInput => ({
  key: null,
  value: value === null ? null : Buffer.from(value),
  valueFormat: 2,
  headers: [],
  ...fields,
});

export interface CollectedRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly value: string | null;
}

export interface CollectingSink extends RecordSink {
  readonly records: CollectedRecord[];
}

/** A sink that keeps what it is given; a record counts with the bytes of its key, value and headers. */
export const collectRecords = (): CollectingSink => {
  const records: CollectedRecord[] = [];
  const sizes: number[] = [];
  return {
    records,
    get bytes() {
      return sizes.reduce((sum, size) => sum + size, 0);
    },
    add: (cursor, offset, partition) => {
      records.push({ partition, offset, timestamp: cursor.timestamp, value: textOf(cursor) });
      sizes.push(cursor.recordBytes);
    },
    undo: () => {
      records.pop();
      sizes.pop();
    },
  };
};

const textOf = ({ bytes, valueStart, valueEnd }: RecordCursor): string | null =>
  valueStart === -1 ? null : bytes.toString('utf8', valueStart, valueEnd);
