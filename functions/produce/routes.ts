import { invalidField, noSuchPartition } from '../../shared/contract/errors.ts';
import { LIMITS } from '../../shared/contract/limits.ts';
import type { RecordInput } from '../../shared/contract/record.ts';
import type { Topic } from '../../shared/contract/topic.ts';
import type { Answer } from '../../shared/http/answer.ts';
import type { EdgeRequest } from '../../shared/http/edge-request.ts';
import { requestFingerprint } from '../../shared/http/request-fingerprint.ts';
import type { Service } from '../../shared/http/service.ts';
import { createSubApp, type SubApp } from '../../shared/http/sub-app.ts';
import { findTopic } from '../../shared/log/find-topic.ts';
import type { GroupCommit } from '../../shared/log/group-commit.ts';
import { placeNow, produce } from '../../shared/log/produce.ts';
import { type ProduceOnceCall, produceOnce } from '../../shared/log/produce-once.ts';
import { produceAnswer } from './produce-answer.ts';
import { readEvents } from './read-events.ts';
import { readRecords } from './read-records.ts';

export type ProduceService = Service & { readonly groupCommit: GroupCommit };

type ProduceRequest = EdgeRequest<'produceRecords'> | EdgeRequest<'produceEvents'>;

const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

export const produceRoutes = (service: ProduceService): SubApp =>
  createSubApp(service, {
    produceRecords: (request) => store(service, request, readRecords(request), request.query.expectedOffset),
    produceEvents: (request) => store(service, request, readEvents(request)),
  });

async function store(
  service: ProduceService,
  request: ProduceRequest,
  records: readonly RecordInput[],
  expectedOffset?: number,
): Promise<Answer> {
  const { tenant, params } = request;
  const key = idempotencyKey(request);
  if (key !== undefined) return await storeOnce(service, request, { records, expectedOffset, key });
  const topic = withPartition(await findTopic(service, tenant, params.topic), request);
  const placement = placeNow(service, topic);
  return produceAnswer(await produce(service, { tenant, topic, records, placement, expectedOffset }));
}

async function storeOnce(
  service: ProduceService,
  request: ProduceRequest,
  asked: Pick<ProduceOnceCall, 'records' | 'expectedOffset' | 'key'>,
): Promise<Answer> {
  const { tenant, params } = request;
  const { results, replayed } = await produceOnce(service, {
    tenant,
    ...asked,
    topic: async () => withPartition(await findTopic(service, tenant, params.topic), request),
    fingerprint: requestFingerprint(request, request.bytes),
  });
  return produceAnswer(results, replayed);
}

/** A raw value's partition is named by the query; the topic has to have it. */
function withPartition(topic: Topic, { query }: ProduceRequest): Topic {
  if (!('partition' in query) || query.partition === undefined || query.partition < topic.partitions) return topic;
  throw noSuchPartition('partition', topic.partitions);
}

function idempotencyKey(request: ProduceRequest): string | undefined {
  const key = request.header('idempotency-key');
  if (key === undefined) return undefined;
  if (key.length <= LIMITS.idempotencyKeyLength && VISIBLE_ASCII.test(key)) return key;
  throw invalidField('Idempotency-Key', `must be 1 to ${LIMITS.idempotencyKeyLength} visible ASCII characters`);
}
