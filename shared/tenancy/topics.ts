import { parseTopicId, type TenantId, type TopicName } from '../contract/ids.ts';
import type { Topic } from '../contract/topic.ts';
import { findTopic } from '../log/find-topic.ts';
import type { Ports } from '../ports/ports.ts';
import { onceBegun } from './once-begun.ts';
import { retryConditional } from './retry-conditional.ts';
import {
  changedSettings,
  isSameTopic,
  marked,
  newSettings,
  refuseWithoutEffect,
  type TopicSettings,
} from './topic-settings.ts';

export type TopicPorts = Pick<Ports, 'topics' | 'offsets' | 'random' | 'clock' | 'deployment'>;

export interface PutTopic {
  readonly topic: Topic;
  readonly created: boolean;
}

/** Creates the topic, or updates it. @throws {ChasquiError} `invalid_request`, `conflict` */
export const putTopic = (
  ports: TopicPorts,
  tenant: TenantId,
  name: TopicName,
  settings: TopicSettings,
): Promise<PutTopic> => {
  refuseWithoutEffect(settings, ports.deployment);
  return retryConditional(async () => {
    const seen = await ports.topics.get(tenant, name);
    const topic = await (seen === undefined
      ? createTopic(ports, tenant, name, settings)
      : updateTopic(ports, tenant, seen, settings));
    return topic && { topic, created: seen === undefined };
  });
};

/** @throws {ChasquiError} `invalid_request`, `topic_not_found`, `conflict` */
export const patchTopic = (
  ports: TopicPorts,
  tenant: TenantId,
  name: TopicName,
  settings: TopicSettings,
): Promise<Topic> => {
  refuseWithoutEffect(settings, ports.deployment);
  return retryConditional(async () => updateTopic(ports, tenant, await findTopic(ports, tenant, name), settings));
};

/** The name is gone first, so that no topic is ever seen without its partitions. @throws {ChasquiError} `topic_not_found` */
export const deleteTopic = async (
  ports: Pick<Ports, 'topics' | 'offsets'>,
  tenant: TenantId,
  name: TopicName,
): Promise<void> => {
  await retryConditional(async () => {
    const topic = await findTopic(ports, tenant, name);
    if (!(await ports.topics.remove(tenant, topic))) return undefined;
    await onceBegun(ports.offsets.dropPartitions(tenant, topic.id, topic.partitions));
    return topic;
  });
};

/** The partitions are there before the name is, for the same reason. Undefined: the name was taken meanwhile. */
const createTopic = async (
  ports: TopicPorts,
  tenant: TenantId,
  name: TopicName,
  settings: TopicSettings,
): Promise<Topic | undefined> => {
  const id = parseTopicId(ports.random.uuid());
  if (id === undefined) throw new Error('A topic id could not be made.');
  const createdAt = new Date(ports.clock.now()).toISOString();
  const topic: Topic = { name, id, ...newSettings(settings, ports.deployment), createdAt };
  await ports.offsets.createPartitions(tenant, id, 0, topic.partitions);
  if (await ports.topics.create(tenant, topic)) return topic;
  await ports.offsets.dropPartitions(tenant, id, topic.partitions);
  return undefined;
};

/** Undefined: somebody else changed it meanwhile. */
const updateTopic = async (
  ports: TopicPorts,
  tenant: TenantId,
  seen: Topic,
  settings: TopicSettings,
): Promise<Topic | undefined> => {
  const next = changedSettings(seen, settings);
  if (isSameTopic(seen, next)) return seen;
  if (next.partitions > seen.partitions) {
    await ports.offsets.createPartitions(tenant, seen.id, seen.partitions, next.partitions);
  }
  // The time of this write, whatever came before it.
  const written = marked(seen, next, ports.clock.now());
  if (await ports.topics.replace(tenant, seen, written)) return written;
  const now = await ports.topics.get(tenant, seen.name);
  // Deleted meanwhile by somebody who knew nothing of the new partitions.
  if (now?.id !== seen.id) await ports.offsets.dropPartitions(tenant, seen.id, next.partitions);
  return undefined;
};
