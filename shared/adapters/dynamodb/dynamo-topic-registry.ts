import type { Topic } from '../../contract/topic.ts';
import { sortedJson } from '../../lib/sorted-json.ts';
import type { TopicRegistry } from '../../ports/topic-registry.ts';
import { namedKey, topicsPartition } from './keys.ts';
import { listNamed, putInstead, putNew, thingIn } from './named-items.ts';
import { type Item, Table, type TableOptions } from './table.ts';
import { writeIf } from './write-again.ts';

const fieldsOf = (topic: Topic): Item => ({ v: { S: sortedJson(topic) }, id: { S: topic.id } });

/** Topics by name: `v` as JSON and `id`, all of a tenant's under one partition key. */
export const createDynamoTopicRegistry = (options: TableOptions): TopicRegistry => {
  const table = new Table(options);
  return {
    create: (tenant, topic) => putNew(table, topicsPartition(tenant), topic.name, fieldsOf(topic)),
    get: async (tenant, name) => thingIn<Topic>(await table.get(namedKey(topicsPartition(tenant), name))),
    list: async (tenant, page) =>
      (await listNamed(table, topicsPartition(tenant), page)).map((item) => thingIn<Topic>(item)!),
    replace: (tenant, seen, next) => putInstead(table, topicsPartition(tenant), next.name, seen, fieldsOf(next)),
    remove: (tenant, seen) =>
      writeIf(table, () =>
        table.delete({
          Key: { ...namedKey(topicsPartition(tenant), seen.name) },
          ConditionExpression: 'v = :seen',
          ExpressionAttributeValues: { ':seen': { S: sortedJson(seen) } },
        }),
      ),
  };
};
