import type { TopicName } from '../../shared/contract/ids.ts';
import { ACTIONS } from '../../shared/contract/scope.ts';
import type { Topic } from '../../shared/contract/topic.ts';
import { json, noContent } from '../../shared/http/answer.ts';
import type { EdgeRequest, Handlers } from '../../shared/http/edge-request.ts';
import type { Service } from '../../shared/http/service.ts';
import { findTopic } from '../../shared/log/find-topic.ts';
import { type ListPage, listPage } from '../../shared/tenancy/list-page.ts';
import { deleteRecords, listPartitions } from '../../shared/tenancy/partitions.ts';
import { opensTopic } from '../../shared/tenancy/scopes.ts';
import { deleteTopic, patchTopic, putTopic } from '../../shared/tenancy/topics.ts';

/** Field by field, so that what a store may add never leaves the house. */
const shown = (topic: Topic): Record<Exclude<keyof Topic, 'raisedAt'>, unknown> => ({
  name: topic.name,
  id: topic.id,
  partitions: topic.partitions,
  retentionMs: topic.retentionMs,
  retentionBytes: topic.retentionBytes,
  cleanupPolicy: topic.cleanupPolicy,
  replicationFactor: topic.replicationFactor,
  writeQuorum: topic.writeQuorum,
  createdAt: topic.createdAt,
});

const listInScope = (
  service: Service,
  { tenant, principal, query }: EdgeRequest<'listTopics'>,
): Promise<ListPage<Topic>> =>
  listPage(
    {
      list: `topics of ${tenant}`,
      read: (page) => service.topics.list(tenant, page),
      nameOf: (topic): TopicName => topic.name,
      visible: (topic) => opensTopic(principal.scopes, ACTIONS, topic.name),
    },
    query,
  );

export const topicHandlers = (service: Service) =>
  ({
    putTopic: async ({ tenant, params, body }) => {
      const { topic, created } = await putTopic(service, tenant, params.topic, body);
      return json(created ? 201 : 200, shown(topic));
    },
    patchTopic: async ({ tenant, params, body }) =>
      json(200, shown(await patchTopic(service, tenant, params.topic, body))),
    getTopic: async ({ tenant, params }) => json(200, shown(await findTopic(service, tenant, params.topic))),
    deleteTopic: async ({ tenant, params }) => {
      await deleteTopic(service, tenant, params.topic);
      return noContent();
    },
    listTopics: async (request) => {
      const { items, nextCursor } = await listInScope(service, request);
      return json(200, { data: items.map(shown), nextCursor });
    },
    listPartitions: async ({ tenant, params }) =>
      json(200, { data: await listPartitions(service, tenant, params.topic) }),
    deleteRecords: async ({ tenant, params, query }) =>
      json(200, { logStartOffset: await deleteRecords(service, tenant, { ...params, ...query }) }),
  }) satisfies Handlers;
