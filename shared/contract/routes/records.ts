import { LIMITS } from '../limits.ts';
import type { Route } from '../route.ts';
import { FETCH_PARTITION_QUERY, FETCH_TOPIC_QUERY, NO_QUERY, PRODUCE_QUERY } from '../schemas/query.ts';
import { FETCHED_PARTITION, FETCHED_TOPIC, PARTIAL_RESULTS, PRODUCE_RESULTS } from '../schemas/record.ts';

const RESULTS_EXAMPLE = { results: [{ partition: 0, offset: 7, timestamp: 1760000000000 }] };
const FAILED_PART = {
  code: 'unavailable',
  detail: 'The write was refused; send the record again.',
  retryable: true,
  sideEffects: 'none',
};

const PRODUCE_ANSWERS = {
  200: {
    description: 'Every record is stored; one result each, in order.',
    schema: PRODUCE_RESULTS,
    example: RESULTS_EXAMPLE,
    headers: { 'Idempotency-Replayed': '`true` where the answer is that of an earlier request with the same key.' },
  },
  207: {
    description: 'Some partitions failed; each of their records has an error instead of an offset.',
    schema: PARTIAL_RESULTS,
    example: { results: [...RESULTS_EXAMPLE.results, { error: FAILED_PART }] },
  },
} as const;

const RECORD_EXAMPLE = { offset: 7, timestamp: 1760000000000, key: 'k', value: { any: 'json' }, headers: { h: 'v' } };

export const RECORD_ROUTES = {
  produceRecords: {
    method: 'POST',
    path: '/v1/topics/:topic/records',
    function: 'produce',
    tag: 'Records',
    credential: 'tenant',
    topicActions: ['produce'],
    query: PRODUCE_QUERY,
    body: { kind: 'records', maxBytes: LIMITS.requestBytes },
    summary: 'Append records to a topic',
    description:
      'As JSON, as NDJSON (one record a line), or as one raw value of any other content type, whose key and headers are in `?key=` and `Chasqui-Header-<name>`. The answer comes when the records are durable.',
    answers: PRODUCE_ANSWERS,
    errors: [
      'invalid_json',
      'topic_not_found',
      'conflict',
      'idempotency_in_flight',
      'precondition_failed',
      'payload_too_large',
      'unsupported_media_type',
      'idempotency_key_reused',
    ],
  },
  produceEvents: {
    method: 'POST',
    path: '/v1/topics/:topic/events',
    function: 'produce',
    tag: 'Records',
    credential: 'tenant',
    topicActions: ['produce'],
    query: NO_QUERY,
    body: { kind: 'events', maxBytes: LIMITS.requestBytes },
    summary: 'Append CloudEvents to a topic',
    description:
      'CloudEvents 1.0 over HTTP in binary, structured and batch mode, stored as the Kafka protocol binding says.',
    answers: PRODUCE_ANSWERS,
    errors: [
      'invalid_json',
      'topic_not_found',
      'idempotency_in_flight',
      'payload_too_large',
      'unsupported_media_type',
      'idempotency_key_reused',
    ],
  },
  fetchPartition: {
    method: 'GET',
    path: '/v1/topics/:topic/partitions/:partition/records',
    function: 'fetch',
    tag: 'Records',
    credential: 'tenant',
    topicActions: ['fetch'],
    query: FETCH_PARTITION_QUERY,
    body: { kind: 'none' },
    summary: 'Read records of one partition',
    answers: {
      200: {
        description: 'Records in the order of the log; none at the high watermark, after `waitMs`.',
        schema: FETCHED_PARTITION,
        example: { records: [RECORD_EXAMPLE], nextOffset: 8, highWatermark: 8, logStartOffset: 0 },
        otherMedia: { 'application/x-ndjson': 'One record a line.' },
        headers: {
          'Chasqui-Next-Offset': 'NDJSON only: where to read next.',
          'Chasqui-High-Watermark': 'NDJSON only.',
          'Chasqui-Log-Start-Offset': 'NDJSON only.',
        },
      },
    },
    errors: ['topic_not_found', 'partition_not_found', 'offset_out_of_range'],
  },
  fetchTopic: {
    method: 'GET',
    path: '/v1/topics/:topic/records',
    function: 'fetch',
    tag: 'Records',
    credential: 'tenant',
    topicActions: ['fetch'],
    query: FETCH_TOPIC_QUERY,
    body: { kind: 'none' },
    summary: 'Read records of all partitions',
    answers: {
      200: {
        description: 'Records of all partitions, and the cursor for the next call. No server keeps anything for it.',
        schema: FETCHED_TOPIC,
        example: { records: [{ partition: 0, ...RECORD_EXAMPLE }], cursor: 'AAEC' },
        otherMedia: { 'application/x-ndjson': 'One record a line.' },
        headers: { 'Chasqui-Cursor': 'NDJSON only: the cursor for the next call.' },
      },
    },
    errors: ['invalid_cursor', 'topic_not_found'],
  },
} as const satisfies Record<string, Route>;
