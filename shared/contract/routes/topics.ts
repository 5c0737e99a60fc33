import { LIMITS } from '../limits.ts';
import type { Route } from '../route.ts';
import { DELETE_RECORDS_QUERY, NO_QUERY, TOPIC_LIST_QUERY } from '../schemas/query.ts';
import { LOG_START, PARTITION_LIST, TOPIC, TOPIC_PAGE, TOPIC_SETTINGS } from '../schemas/topic.ts';
import { ACTIONS } from '../scope.ts';

const TOPIC_EXAMPLE = {
  name: 'orders',
  id: '0199c0de-0000-7000-8000-000000000001',
  partitions: 4,
  retentionMs: 604800000,
  retentionBytes: -1,
  cleanupPolicy: 'delete',
  replicationFactor: 1,
  writeQuorum: 1,
  createdAt: '2026-01-31T12:00:00.000Z',
};

const SETTINGS_BODY = {
  kind: 'json',
  schema: TOPIC_SETTINGS,
  maxBytes: LIMITS.metadataRequestBytes,
  example: { partitions: 4 },
} as const;

const shared = { function: 'admin', tag: 'Topics', credential: 'tenant', body: { kind: 'none' } } as const;
const one = { ...shared, path: '/v1/topics/:topic', query: NO_QUERY } as const;
const updated = { description: 'The topic as it now stands.', schema: TOPIC, example: TOPIC_EXAMPLE } as const;

export const TOPIC_ROUTES = {
  putTopic: {
    ...one,
    method: 'PUT',
    topicActions: ['manage'],
    body: SETTINGS_BODY,
    summary: 'Create or update a topic',
    answers: { 200: updated, 201: { ...updated, description: 'The new topic.' } },
    errors: ['invalid_json', 'payload_too_large', 'unsupported_media_type', 'conflict'],
  },
  patchTopic: {
    ...one,
    method: 'PATCH',
    topicActions: ['manage'],
    body: SETTINGS_BODY,
    summary: 'Update a topic',
    answers: { 200: updated },
    errors: ['invalid_json', 'payload_too_large', 'unsupported_media_type', 'topic_not_found', 'conflict'],
  },
  getTopic: {
    ...one,
    method: 'GET',
    topicActions: ACTIONS,
    summary: 'Show a topic',
    answers: { 200: { ...updated, description: 'The topic.' } },
    errors: ['topic_not_found'],
  },
  deleteTopic: {
    ...one,
    method: 'DELETE',
    topicActions: ['manage'],
    summary: 'Delete a topic and its records',
    answers: { 204: { description: 'It is gone.' } },
    errors: ['topic_not_found'],
  },
  listTopics: {
    ...shared,
    method: 'GET',
    path: '/v1/topics',
    query: TOPIC_LIST_QUERY,
    summary: "List the topics in the key's scope",
    answers: {
      200: {
        description: 'Topics in the order of their names.',
        schema: TOPIC_PAGE,
        example: { data: [TOPIC_EXAMPLE], nextCursor: null },
      },
    },
    errors: ['invalid_cursor'],
  },
  listPartitions: {
    ...shared,
    method: 'GET',
    path: '/v1/topics/:topic/partitions',
    topicActions: ACTIONS,
    query: NO_QUERY,
    summary: "Show a topic's partitions",
    answers: {
      200: {
        description: 'One row for each partition.',
        schema: PARTITION_LIST,
        example: { data: [{ partition: 0, logStartOffset: 0, highWatermark: 8, retainedBytes: 512 }] },
      },
    },
    errors: ['topic_not_found'],
  },
  deleteRecords: {
    ...shared,
    method: 'DELETE',
    path: '/v1/topics/:topic/partitions/:partition/records',
    topicActions: ['manage'],
    query: DELETE_RECORDS_QUERY,
    summary: "Move a partition's log start",
    description: 'Below the log start: no change. Beyond the high watermark: 416.',
    answers: {
      200: { description: 'The log start as it now stands.', schema: LOG_START, example: { logStartOffset: 8 } },
    },
    errors: ['topic_not_found', 'partition_not_found', 'offset_out_of_range'],
  },
} as const satisfies Record<string, Route>;
