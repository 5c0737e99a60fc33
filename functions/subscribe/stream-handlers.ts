import { invalidField, noSuchPartition } from '../../shared/contract/errors.ts';
import { LIMITS } from '../../shared/contract/limits.ts';
import { type Answer, json } from '../../shared/http/answer.ts';
import { isStillAuthentic } from '../../shared/http/authenticate.ts';
import type { EdgeRequest, Handlers } from '../../shared/http/edge-request.ts';
import type { TopicStart } from '../../shared/log/fetch-topic.ts';
import { findTopic } from '../../shared/log/find-topic.ts';
import { isKeyAlive, issueTicket } from '../../shared/tenancy/tickets.ts';
import type { SubscribeService } from './member-handlers.ts';
import { bufferedEvents, startOfStream, streamEvents } from './stream-events.ts';

type StreamRequest = EdgeRequest<'streamTopic'>;

const HEADERS: Answer['headers'] = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };

/** `Last-Event-ID` is what a reader that was cut off knows best. */
const startOf = ({ query: { cursor, from }, header }: Pick<StreamRequest, 'query' | 'header'>): TopicStart => {
  const resumed = header('last-event-id') || cursor;
  if (resumed !== undefined) return { kind: 'cursor', cursor: resumed };
  return typeof from === 'number' ? { kind: 'timestamp', timestamp: from } : { kind: from ?? 'latest' };
};

const openStream = async (service: SubscribeService, request: StreamRequest): Promise<Answer> => {
  const { tenant, params, query, principal } = request;
  const { partition } = query;
  const authorization = request.header('authorization');
  if (authorization !== undefined && query.ticket !== undefined)
    throw invalidField('ticket', 'must not be given with an Authorization header');
  const topic = await findTopic(service, tenant, params.topic);
  if (partition !== undefined && partition >= topic.partitions) throw noSuchPartition('partition', topic.partitions);
  const start = startOf({ query, header: (name) => request.header(name) });
  const cursor = await startOfStream(service, { tenant, topic }, start);
  const isOpen = (): Promise<boolean> =>
    authorization === undefined ? isKeyAlive(service, principal) : isStillAuthentic(service, authorization);
  const stream = { tenant, topic, partition, cursor, abort: request.abort, isOpen };
  const body = request.canStream
    ? streamEvents(service, stream)
    : await bufferedEvents(service, stream, request.method === 'HEAD' ? 0 : LIMITS.waitMs);
  return { status: 200, headers: HEADERS, body };
};

export const streamHandlers = (service: SubscribeService) =>
  ({
    streamTopic: (request) => openStream(service, request),
    createTicket: async ({ principal, body }) => {
      const { ticket, expiresAt } = await issueTicket(
        service,
        principal,
        body.topic,
        body.expiresInMs ?? LIMITS.ticketMs,
      );
      return json(201, { ticket, expiresAt: new Date(expiresAt).toISOString() });
    },
  }) satisfies Handlers;
