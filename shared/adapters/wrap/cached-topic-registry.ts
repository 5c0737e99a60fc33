import type { TenantId, TopicName } from '../../contract/ids.ts';
import type { Topic } from '../../contract/topic.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TopicRegistry } from '../../ports/topic-registry.ts';
import { type CacheBounds, createReadCache } from './read-cache.ts';

/**
 * Topics by name from a small cache. It may be behind what other instances wrote by `maxAgeMs`, never behind this one's own writes.
 * A commit checks the topic's id once more, so that a stale topic costs a retry and no more.
 */
export const cachedTopicRegistry = (
  inner: TopicRegistry,
  clock: Pick<Clock, 'now'>,
  bounds: CacheBounds,
): TopicRegistry => {
  const topics = createReadCache((tenant, name) => inner.get(tenant, name as TopicName), clock, bounds);
  const write = async (tenant: TenantId, topic: Topic, perform: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await perform();
    } finally {
      topics.forget(tenant, topic.name);
    }
  };
  return {
    get: topics.get,
    list: (tenant, page) => inner.list(tenant, page),
    create: (tenant, topic) => write(tenant, topic, () => inner.create(tenant, topic)),
    replace: (tenant, seen, next) => write(tenant, seen, () => inner.replace(tenant, seen, next)),
    remove: (tenant, topic) => write(tenant, topic, () => inner.remove(tenant, topic)),
  };
};
