import { LIMITS } from '../../shared/contract/limits.ts';
import { commitOffsets } from '../../shared/groups/commit.ts';
import { heartbeat } from '../../shared/groups/heartbeat.ts';
import { leaveGroup } from '../../shared/groups/leave.ts';
import { visibleBy } from '../../shared/groups/list-groups.ts';
import { type PollCall, pollGroup } from '../../shared/groups/poll.ts';
import { type Answer, json, noContent } from '../../shared/http/answer.ts';
import type { EdgeRequest, Handlers } from '../../shared/http/edge-request.ts';
import { JsonRecordSink } from '../../shared/http/records/write-json.ts';
import type { Service } from '../../shared/http/service.ts';
import type { BatchCache } from '../../shared/log/batch-cache.ts';

export type SubscribeService = Service & { readonly cache: BatchCache };

const pollCall = (service: SubscribeService, request: EdgeRequest<'pollGroup'>): PollCall => {
  const { tenant, params, body, principal } = request;
  const waitMs = body.waitMs ?? 0;
  return {
    tenant,
    ...params,
    topics: [...new Set(body.topics)],
    isVisible: visibleBy(principal.scopes),
    cursor: body.cursor,
    bounds: { records: body.limit ?? LIMITS.fetchRecordsDefault, bytes: body.maxBytes ?? LIMITS.fetchBytesDefault },
    waitMs,
    autoCommit: body.autoCommit ?? false,
    sessionTimeoutMs: body.sessionTimeoutMs,
    from: body.from ?? 'earliest',
    // Made when first asked for, and only by the request itself: a copy would have none.
    abort: waitMs > 0 ? request.abort : undefined,
    isHungUp: () => waitMs > 0 && request.abort.aborted && !service.drain.draining,
  };
};

async function poll(service: SubscribeService, request: EdgeRequest<'pollGroup'>): Promise<Answer> {
  const sink = new JsonRecordSink({ withPartition: true, pool: service.pool });
  const { skipped, ...polled } = await pollGroup(service, pollCall(service, request), sink);
  const body = sink.finish(skipped.length === 0 ? polled : { ...polled, skipped });
  return { status: 200, headers: { 'content-type': 'application/json' }, body, sent: () => sink.release() };
}

export const memberHandlers = (service: SubscribeService) =>
  ({
    pollGroup: (request) => poll(service, request),
    commitGroup: async ({ tenant, params, body, principal }) => {
      const call = { tenant, ...params, ...body, isVisible: visibleBy(principal.scopes) };
      return json(200, { offsets: await commitOffsets(service, call) });
    },
    heartbeatGroup: async ({ tenant, params, body, principal }) => {
      await heartbeat(service, { tenant, ...params, generation: body.generation }, visibleBy(principal.scopes));
      return noContent();
    },
    leaveGroup: async ({ tenant, params, principal }) => {
      await leaveGroup(service, tenant, params.group, params.member, visibleBy(principal.scopes));
      return noContent();
    },
  }) satisfies Handlers;
