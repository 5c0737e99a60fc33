import { beforeEach, describe, expect, it } from 'vitest';
import { parseTopicName, type TopicName } from '../../../shared/contract/ids.ts';
import type { Topic } from '../../../shared/contract/topic.ts';
import { deleteRecords, listPartitions } from '../../../shared/tenancy/partitions.ts';
import { putTopic } from '../../../shared/tenancy/topics.ts';
import { type MemoryPorts, memoryPorts } from '../../support/memory-ports.ts';
import { tenantId } from '../../support/memory-service.ts';

const TENANT = tenantId('acme');
const NAME = parseTopicName('orders') as TopicName;
let ports: MemoryPorts;
let topic: Topic;

/** Ten records in partition 1. */
beforeEach(async () => {
  ports = memoryPorts();
  ({ topic } = await putTopic(ports, TENANT, NAME, { partitions: 2 }));
  const blob = await ports.blobs.put(TENANT, [new Uint8Array(100)]);
  const entry = { blob, position: 0, length: 100, count: 10, maxTimestamp: 1 };
  await ports.offsets.commit(TENANT, topic.id, { partition: 1, entry, fence: 0 });
});

const trim = (beforeOffset: number, partition = 1) =>
  deleteRecords(ports, TENANT, { topic: NAME, partition, beforeOffset });

describe('listPartitions', () => {
  it('shows where each partition begins and ends, and what it keeps', async () => {
    expect(await listPartitions(ports, TENANT, NAME)).toEqual([
      { partition: 0, logStartOffset: 0, highWatermark: 0, retainedBytes: 0 },
      { partition: 1, logStartOffset: 0, highWatermark: 10, retainedBytes: 100 },
    ]);
  });

  it('finds no topic whose partitions have just gone', async () => {
    await ports.offsets.dropPartitions(TENANT, topic.id, 2);
    await expect(listPartitions(ports, TENANT, NAME)).rejects.toMatchObject({ code: 'topic_not_found' });
  });
});

describe('deleteRecords', () => {
  it('moves the log start forward and never back, up to the high watermark', async () => {
    expect(await trim(4)).toBe(4);
    expect(await trim(2)).toBe(4);
    expect(await trim(10)).toBe(10);
    expect(await listPartitions(ports, TENANT, NAME)).toMatchObject([{}, { logStartOffset: 10, highWatermark: 10 }]);
  });

  it('refuses to go beyond it, and says where it is', async () => {
    await trim(3);
    const extra = { logStartOffset: 3, highWatermark: 10 };
    await expect(trim(11)).rejects.toMatchObject({ code: 'offset_out_of_range', extra });
    await expect(trim(1, 0)).rejects.toMatchObject({ code: 'offset_out_of_range' });
    await expect(trim(0, 2)).rejects.toMatchObject({ code: 'partition_not_found' });
    await expect(trim(0, 1e21)).rejects.toMatchObject({ code: 'partition_not_found' });
  });
});
