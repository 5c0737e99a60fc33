import { invalidField } from '../../shared/contract/errors.ts';
import { LIMITS } from '../../shared/contract/limits.ts';
import type { RecordInput } from '../../shared/contract/record.ts';
import type { Answer } from '../../shared/http/answer.ts';
import type { EdgeRequest } from '../../shared/http/edge-request.ts';
import { requestFingerprint } from '../../shared/http/request-fingerprint.ts';
import type { Service } from '../../shared/http/service.ts';
import { createSubApp, type SubApp } from '../../shared/http/sub-app.ts';
import { type Eventually, whenThere } from '../../shared/lib/eventually.ts';
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
    produceRecords: (request) =>
      whenThere(request.readBody(), (body) => {
        const { expectedOffset } = request.query;
        return store(service, request, { records: readRecords(request, body), body, expectedOffset });
      }),
    produceEvents: (request) =>
      whenThere(request.readBody(), (body) =>
        store(service, request, { records: readEvents(request, body), body, expectedOffset: undefined }),
      ),
  });

/** Without a wait before the log's own where nothing has to be waited for: a small request would pay for each as much as for its JSON. */
function store(service: ProduceService, request: ProduceRequest, stored: Records): Eventually<Answer> {
  const { tenant, params } = request;
  const { records, expectedOffset } = stored;
  const key = idempotencyKey(request);
  if (key !== undefined) return storeOnce(service, request, stored, key);
  return whenThere(findTopic(service, tenant, params.topic), (topic) => {
    const placement = placeNow(service, topic);
    const produced = produce(service, { tenant, topic, records, placement, expectedOffset });
    return produced.then(produceAnswer);
  });
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
