import type { BodyOf } from '../../shared/contract/routes.ts';
import { deleteGroup } from '../../shared/groups/delete-group.ts';
import { describeGroup } from '../../shared/groups/describe.ts';
import { listGroups, visibleBy } from '../../shared/groups/list-groups.ts';
import { type SeekCall, seekGroup } from '../../shared/groups/seek.ts';
import { json, noContent } from '../../shared/http/answer.ts';
import type { Handlers } from '../../shared/http/edge-request.ts';
import type { SubscribeService } from './member-handlers.ts';

const targetOf = (to: BodyOf<'seekGroup'>['to']): SeekCall['to'] => {
  if (typeof to === 'string') return { kind: to };
  return 'offset' in to ? { kind: 'offset', offset: to.offset } : { kind: 'timestamp', timestamp: to.timestamp };
};

export const groupHandlers = (service: SubscribeService) =>
  ({
    listGroups: async ({ tenant, principal, query }) => {
      const { items, nextCursor } = await listGroups(service, tenant, principal.scopes, query);
      return json(200, { data: items.map((group) => ({ group })), nextCursor });
    },
    getGroup: async ({ tenant, params, principal }) =>
      json(200, await describeGroup(service, tenant, params.group, visibleBy(principal.scopes))),
    seekGroup: async ({ tenant, params, body, principal }) => {
      const { topic, partitions, dryRun = false } = body;
      const isVisible = visibleBy(principal.scopes);
      const call = { tenant, group: params.group, topic, partitions, to: targetOf(body.to), dryRun, isVisible };
      return json(200, { offsets: await seekGroup(service, call), dryRun });
    },
    deleteGroup: async ({ tenant, params, principal }) => {
      await deleteGroup(service, tenant, params.group, visibleBy(principal.scopes));
      return noContent();
    },
  }) satisfies Handlers;
