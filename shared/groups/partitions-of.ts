import type { TenantId, TopicName } from '../contract/ids.ts';
import type { Topic } from '../contract/topic.ts';
import type { Lease } from '../ports/group-store.ts';
import type { PartitionRef } from '../ports/offset-store.ts';
import type { Ports } from '../ports/ports.ts';
import { freshLease, keyOf } from './lease-changes.ts';

export interface GroupPartition {
  readonly topic: TopicName;
  readonly ref: PartitionRef;
  /** Version 0 where the group has not had it yet. */
  readonly lease: Lease;
}

/** The topics that there are, of these names. */
export const findTopics = async (
  ports: Pick<Ports, 'topics'>,
  tenant: TenantId,
  names: Iterable<TopicName>,
): Promise<Topic[]> => {
  const unique = [...new Set(names)].sort();
  const found = await Promise.all(unique.map((name) => ports.topics.get(tenant, name)));
  return found.filter((topic) => topic !== undefined);
};

/**
 * The partitions of these topics, by name and number. Topics are read through caches, so the leases have a say: one of a higher
 * partition shows that the topic has grown, one of a later id that it was made again, and that we do not know it yet.
 */
export const partitionsOf = (topics: readonly Topic[], leases: readonly Lease[]): GroupPartition[] => {
  const byKey = new Map(leases.map((lease) => [keyOf(lease), lease]));
  return topics.flatMap(({ name, id, partitions }) => {
    const own = leases.filter(({ topic }) => topic === name);
    // Ids are UUIDs of version 7: later ones are greater.
    if (own.some(({ topicId }) => topicId > id)) return [];
    const grown = own.filter(({ topicId }) => topicId === id).map(({ partition }) => partition + 1);
    return Array.from({ length: Math.max(partitions, ...grown) }, (_, partition) => {
      const ref = { topicId: id, partition };
      return { topic: name, ref, lease: byKey.get(keyOf(ref)) ?? freshLease(name, ref) };
    });
  });
};
