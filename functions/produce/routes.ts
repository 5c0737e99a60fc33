import { invalidField } from '../../shared/contract/errors.ts';
import { LIMITS } from '../../shared/contract/limits.ts';
import type { RecordInput } from '../../shared/contract/record.ts';
import type { Answer } from '../../shared/http/answer.ts';
import type { EdgeRequest } from '../../shared/http/edge-request.ts';
import { requestFingerprint } from '../../shared/http/request-fingerprint.ts';
import type { Service } from '../../shared/http/service.ts';
import { createSubApp, type SubApp } from '../../shared/http/sub-app.ts';
import { findTopic } from '../../shared/log/find-topic.ts';
import type { GroupCommit } from '../../shared/log/group-commit.ts';
import { placeNow, produce } from '../../shared/log/produce.ts';
import { produceOnce } from '../../shared/log/produce-once.ts';
import { produceAnswer } from './produce-answer.ts';
import { readEvents } from './read-events.ts';
import { readRecords } from './read-records.ts';

export type ProduceService = Service & { readonly groupCommit: GroupCommit };

type ProduceRequest = EdgeRequest<'produceRecords'> | EdgeRequest<'produceEvents'>;

interface Records {
  readonly records: readonly RecordInput[];
  /** As it came, decompressed. */
  readonly body: Uint8Array;
  readonly expectedOffset: number | undefined;
}

const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

export const produceRoutes = (service: ProduceService): SubApp =>
  createSubApp(service, {
    produceRecords: async (request) => {
      const body = await request.readBody();
      const { expectedOffset } = request.query;
      return await store(service, request, { records: readRecords(request, body), body, expectedOffset });
    },
    produceEvents: async (request) => {
      const body = await request.readBody();
      return await store(service, request, { records: readEvents(request, body), body, expectedOffset: undefined });
    },
  });

async function store(service: ProduceService, request: ProduceRequest, stored: Records): Promise<Answer> {
  const { tenant, params } = request;
  const { records, expectedOffset } = stored;
  const key = idempotencyKey(request);
  if (key !== undefined) return await storeOnce(service, request, stored, key);
  const topic = await findTopic(service, tenant, params.topic);
  const placement = placeNow(service, topic);
  return produceAnswer(await produce(service, { tenant, topic, records, placement, expectedOffset }));
}

async function storeOnce(
  service: ProduceService,
  request: ProduceRequest,
  { records, body, expectedOffset }: Records,
  key: string,
): Promise<Answer> {
  const { tenant, params } = request;
  const { results, replayed } = await produceOnce(service, {
    tenant,
    topic: async () => findTopic(service, tenant, params.topic),
    records,
    expectedOffset,
    key,
    fingerprint: requestFingerprint(request, body),
  });
  return produceAnswer(results, replayed);
}

function idempotencyKey(request: ProduceRequest): string | undefined {
  const key = request.header('idempotency-key');
  if (key === undefined) return undefined;
  if (key.length <= LIMITS.idempotencyKeyLength && VISIBLE_ASCII.test(key)) return key;
  throw invalidField('Idempotency-Key', `must be 1 to ${LIMITS.idempotencyKeyLength} visible ASCII characters`);
}
