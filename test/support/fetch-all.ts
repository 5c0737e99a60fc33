import type { TopicName } from '../../shared/contract/ids.ts';
import { RecordCollector } from '../../shared/delivery/delivery-record.ts';
import { fetchPartition } from '../../shared/log/fetch-partition.ts';
import { findTopic } from '../../shared/log/find-topic.ts';
import type { PushWorld } from './push-world.ts';

interface Read {
  readonly key: string | undefined;
  readonly value: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is in the first partition of a topic. */
export const fetchAll = async ({ service, tenant }: PushWorld, name: string): Promise<Read[]> => {
  const topic = await findTopic(service, tenant, name as TopicName);
  const collector = new RecordCollector();
  const bounds = { records: 1000, bytes: 1024 * 1024 };
  const ref = { topicId: topic.id, partition: 0 };
  await fetchPartition(service, { tenant, ref, start: { kind: 'earliest' }, bounds, waitMs: 0 }, collector);
  return collector.records.map(({ key, value, headers }) => ({
    key: key?.toString(),
    value: JSON.parse(value?.toString() ?? 'null'),
    headers: Object.fromEntries(headers.map((header) => [header.name, header.value.toString()])),
  }));
};
