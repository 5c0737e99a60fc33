import type { Topic } from '../contract/topic.ts';
import type { PartitionRef } from '../ports/offset-store.ts';

/** All partitions of a topic, in their order. */
export const partitionRefs = ({ id: topicId, partitions }: Pick<Topic, 'id' | 'partitions'>): PartitionRef[] =>
  Array.from({ length: partitions }, (_, partition) => ({ topicId, partition }));
