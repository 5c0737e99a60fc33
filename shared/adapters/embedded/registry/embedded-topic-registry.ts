import type { Topic } from '../../../contract/topic.ts';
import type { TopicRegistry } from '../../../ports/topic-registry.ts';
import type { IndexTables } from '../index/index-tables.ts';
import { namedKey } from '../index/keys.ts';
import { JsonTable } from './json-table.ts';
import type { Serial } from './serial.ts';

/** Topics in LMDB; every write is synced before it resolves. */
export const createEmbeddedTopicRegistry = (tables: IndexTables, serial: Serial): TopicRegistry => {
  const topics = new JsonTable<Topic>(tables, 'topics');
  return {
    create: (tenant, topic) =>
      serial.run(async () => {
        const key = namedKey(tenant, topic.name);
        if (topics.get(key) !== undefined) return false;
        await tables.write((batch) => topics.put(batch, key, topic));
        return true;
      }),
    get: async (tenant, name) => topics.get(namedKey(tenant, name)),
    list: async (tenant, page) => topics.list(namedKey(tenant, ''), page),
    replace: (tenant, seen, next) =>
      serial.run(async () => {
        const key = namedKey(tenant, seen.name);
        if (!topics.isStill(key, seen)) return false;
        await tables.write((batch) => topics.put(batch, key, next));
        return true;
      }),
    remove: (tenant, seen) =>
      serial.run(async () => {
        const key = namedKey(tenant, seen.name);
        if (!topics.isStill(key, seen)) return false;
        await tables.write((batch) => batch.remove('topics', key));
        return true;
      }),
  };
};
