import { isDeepStrictEqual } from 'node:util';
import type { TenantId } from '../../contract/ids.ts';
import type { Topic } from '../../contract/topic.ts';
import type { TopicRegistry } from '../../ports/topic-registry.ts';
import { pageOfNames } from './page-of-names.ts';

/** Topics in a map for each tenant; for tests. */
export const createMemoryTopicRegistry = (): TopicRegistry => {
  const tenants = new Map<TenantId, Map<string, Topic>>();
  const topicsOf = (tenant: TenantId): Map<string, Topic> => {
    const topics = tenants.get(tenant) ?? new Map<string, Topic>();
    tenants.set(tenant, topics);
    return topics;
  };
  return {
    create: async (tenant, topic) => {
      const topics = topicsOf(tenant);
      if (topics.has(topic.name)) return false;
      topics.set(topic.name, topic);
      return true;
    },
    get: async (tenant, name) => topicsOf(tenant).get(name),
    list: async (tenant, page) => {
      const topics = topicsOf(tenant);
      return pageOfNames(topics.keys(), page).map((name) => topics.get(name)!);
    },
    replace: async (tenant, seen, next) => {
      const topics = topicsOf(tenant);
      if (!isDeepStrictEqual(topics.get(seen.name), seen)) return false;
      topics.set(seen.name, next);
      return true;
    },
    remove: async (tenant, seen) => {
      const topics = topicsOf(tenant);
      return isDeepStrictEqual(topics.get(seen.name), seen) && topics.delete(seen.name);
    },
  };
};
