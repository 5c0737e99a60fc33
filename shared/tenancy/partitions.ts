import { ChasquiError } from '../contract/errors.ts';
import type { TenantId, TopicName } from '../contract/ids.ts';
import { findTopic } from '../log/find-topic.ts';
import { partitionRefs } from '../log/partition-refs.ts';
import { topicGone } from '../log/refusal.ts';
import type { Head } from '../ports/offset-store.ts';
import type { Ports } from '../ports/ports.ts';

type PartitionPorts = Pick<Ports, 'topics' | 'offsets'>;

export interface PartitionInfo {
  readonly partition: number;
  readonly logStartOffset: number;
  readonly highWatermark: number;
  readonly retainedBytes: number;
}

const infoOf = (head: Head | undefined, partition: number): PartitionInfo => {
  if (head === undefined) throw topicGone();
  const { logStartOffset, nextOffset, retainedBytes } = head;
  return { partition, logStartOffset, highWatermark: nextOffset, retainedBytes };
};

/** @throws {ChasquiError} `topic_not_found` */
export const listPartitions = async (
  ports: PartitionPorts,
  tenant: TenantId,
  name: TopicName,
): Promise<PartitionInfo[]> => {
  const topic = await findTopic(ports, tenant, name);
  const refs = partitionRefs(topic);
  return (await ports.offsets.readHeads(tenant, refs)).map(infoOf);
};

export interface DeleteRecords {
  readonly topic: TopicName;
  readonly partition: number;
  readonly beforeOffset: number;
}

/**
 * Moves the log start forward; below it: no change. Answers where it then is.
 * @throws {ChasquiError} `topic_not_found`, `partition_not_found`, `offset_out_of_range` beyond the high watermark
 */
export const deleteRecords = async (
  ports: PartitionPorts,
  tenant: TenantId,
  { topic: name, partition, beforeOffset }: DeleteRecords,
): Promise<number> => {
  const topic = await findTopic(ports, tenant, name);
  if (partition >= topic.partitions) {
    throw new ChasquiError('partition_not_found', `The topic has partitions 0 to ${topic.partitions - 1}.`);
  }
  const ref = { topicId: topic.id, partition };
  const { logStartOffset, highWatermark } = infoOf(await ports.offsets.readHead(tenant, ref), partition);
  if (beforeOffset > highWatermark) {
    throw new ChasquiError('offset_out_of_range', 'beforeOffset is beyond the high watermark.', {
      extra: { logStartOffset, highWatermark },
    });
  }
  // The high watermark only grows, so that the answer above still holds.
  return infoOf(await ports.offsets.trim(tenant, ref, beforeOffset), partition).logStartOffset;
};
