import { ChasquiError } from '../../shared/contract/errors.ts';
import type { QueryOf } from '../../shared/contract/routes.ts';
import type { Answer } from '../../shared/http/answer.ts';
import type { EdgeRequest } from '../../shared/http/edge-request.ts';
import type { Service } from '../../shared/http/service.ts';
import { createSubApp, type SubApp } from '../../shared/http/sub-app.ts';
import type { BatchCache } from '../../shared/log/batch-cache.ts';
import { fetchPartition } from '../../shared/log/fetch-partition.ts';
import { fetchTopic, type TopicStart } from '../../shared/log/fetch-topic.ts';
import { findTopic } from '../../shared/log/find-topic.ts';
import type { RenderedEntries } from '../../shared/log/rendered-entries.ts';
import type { Start } from '../../shared/log/start-offset.ts';
import type { TopicRegistry } from '../../shared/ports/topic-registry.ts';
import { partitionAnswer, roomForSkipped, sinkFor, topicAnswer } from './fetch-answer.ts';

export type FetchService = Service & {
  readonly cache: BatchCache;
  /** What answers share; absent where a process has one request at a time. */
  readonly rendered?: RenderedEntries;
  /** Where `topics` may be some seconds old. A topic that has got more partitions is not read in part. */
  readonly currentTopics?: Pick<TopicRegistry, 'get'>;
};

export const fetchRoutes = (service: FetchService): SubApp =>
  createSubApp(service, {
    fetchPartition: (request) => readPartition(service, request),
    fetchTopic: (request) => readTopic(service, request),
  });

async function readPartition(service: FetchService, request: EdgeRequest<'fetchPartition'>): Promise<Answer> {
  const { tenant, params, query } = request;
  const topic = await findTopic(service, tenant, params.topic);
  if (params.partition >= topic.partitions)
    throw new ChasquiError('partition_not_found', `The topic has partitions 0 to ${topic.partitions - 1}.`);
  const ref = { topicId: topic.id, partition: params.partition };
  const remembered = service.rendered && { tenant, entries: service.rendered };
  const sink = sinkFor(request.mediaType, { pool: service.pool, remembered });
  const fetched = await fetchPartition(service, { tenant, ref, start: startOf(query), ...boundsOf(request) }, sink);
  return partitionAnswer(sink, fetched);
}

async function readTopic(service: FetchService, request: EdgeRequest<'fetchTopic'>): Promise<Answer> {
  const { tenant, params, query } = request;
  const topics = service.currentTopics ?? service.topics;
  const topic = await findTopic({ topics }, tenant, params.topic);
  const sink = sinkFor(request.mediaType, { withPartition: true, pool: service.pool });
  const start = topicStartOf(query);
  const mostSkipped = roomForSkipped(request.mediaType);
  const fetched = await fetchTopic(service, { tenant, topic, start, mostSkipped, ...boundsOf(request) }, sink);
  return topicAnswer(sink, topic.name, fetched);
}

function boundsOf(request: EdgeRequest<'fetchPartition'> | EdgeRequest<'fetchTopic'>) {
  const { limit, maxBytes, waitMs } = request.query;
  // The signal is made when it is first asked for, which only a wait has reason to do.
  const abort = waitMs > 0 ? request.abort : undefined;
  return { bounds: { records: limit, bytes: maxBytes }, waitMs, abort };
}

function startOf({ offset, timestamp, tail, from }: QueryOf<'fetchPartition'>): Start {
  if (offset !== undefined) return { kind: 'offset', offset };
  if (timestamp !== undefined) return { kind: 'timestamp', timestamp };
  if (tail !== undefined) return { kind: 'tail', count: tail };
  return { kind: from ?? 'earliest' };
}

function topicStartOf({ cursor, from }: QueryOf<'fetchTopic'>): TopicStart {
  if (cursor !== undefined) return { kind: 'cursor', cursor };
  if (typeof from === 'number') return { kind: 'timestamp', timestamp: from };
  return { kind: from ?? 'earliest' };
}
