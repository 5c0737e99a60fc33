import { LIMITS } from '../limits.ts';
import { topicOfTicket } from '../named-topics.ts';
import type { Route } from '../route.ts';
import { NO_QUERY, STREAM_QUERY } from '../schemas/query.ts';
import { NEW_TICKET, TICKET } from '../schemas/ticket.ts';

const EVENTS = [
  'id: AAEC',
  'event: record',
  'data: {"offset":7,"partition":0,"timestamp":1760000000000,"key":"k","value":{"any":"json"},"headers":{}}',
  '',
  '',
].join('\n');

export const STREAM_ROUTES = {
  streamTopic: {
    method: 'GET',
    path: '/v1/topics/:topic/stream',
    function: 'subscribe',
    tag: 'Records',
    credential: 'tenant',
    takesTicket: true,
    topicActions: ['fetch'],
    query: STREAM_QUERY,
    body: { kind: 'none' },
    summary: 'Read a topic as server-sent events',
    description:
      'The `id` of an event is the cursor behind it: resume with `Last-Event-ID`, which wins over `cursor` and `from`, or with `cursor`. `from` is `latest` by default. A comment comes every 15 s; the server ends the stream after `event: reconnect`. Instead of a key, `ticket` opens it.',
    answers: {
      200: {
        description: 'Records as they come, each an event of the type `record`.',
        mediaType: 'text/event-stream',
        example: EVENTS,
      },
    },
    errors: ['invalid_cursor', 'topic_not_found'],
  },
  createTicket: {
    method: 'POST',
    path: '/v1/tickets',
    function: 'subscribe',
    tag: 'Records',
    credential: 'tenant',
    keyAction: 'fetch',
    namedTopics: topicOfTicket,
    query: NO_QUERY,
    body: {
      kind: 'json',
      schema: NEW_TICKET,
      maxBytes: LIMITS.metadataRequestBytes,
      example: { topic: 'orders', expiresInMs: 60000 },
    },
    summary: 'Make a ticket for the streams of a topic',
    description:
      'For browsers, which cannot set headers: `?ticket=` opens streams of the topic until it expires, and no longer than its key lives.',
    answers: {
      201: {
        description: 'The ticket.',
        schema: TICKET,
        example: { ticket: 'tkt_…', expiresAt: '2026-01-31T12:00:00.000Z' },
      },
    },
    errors: ['invalid_json', 'payload_too_large', 'unsupported_media_type'],
  },
} as const satisfies Record<string, Route>;
