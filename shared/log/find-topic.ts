import type { TenantId, TopicName } from '../contract/ids.ts';
import type { Topic } from '../contract/topic.ts';
import { type Eventually, whenThere } from '../lib/eventually.ts';
import type { TopicRegistry } from '../ports/topic-registry.ts';
import { topicGone } from './refusal.ts';

/** @throws {ChasquiError} `topic_not_found`; a topic of another tenant is found as little as one that never was. */
export function findTopic(
  ports: { readonly topics: Pick<TopicRegistry, 'get'> },
  tenant: TenantId,
  name: TopicName,
): Eventually<Topic> {
  return whenThere(ports.topics.get(tenant, name), present);
}

function present(topic: Topic | undefined): Topic {
  if (topic === undefined) throw topicGone();
  return topic;
}
