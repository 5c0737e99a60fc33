import type { SubscriptionId } from '../../shared/contract/ids.ts';
import type { PushPorts } from '../../shared/delivery/push-ports.ts';
import { standingOf } from '../../shared/delivery/standing.ts';
import {
  deleteSubscription,
  findSubscription,
  listAttempts,
  listSubscriptions,
  patchSubscription,
  pauseSubscription,
  putSubscription,
  replaySubscription,
  resumeSubscription,
  rotateSecret,
  type WithSecret,
} from '../../shared/delivery/subscriptions.ts';
import { testDelivery } from '../../shared/delivery/test-delivery.ts';
import { type Answer, json, noContent } from '../../shared/http/answer.ts';
import type { Service } from '../../shared/http/service.ts';
import { createSubApp, type SubApp } from '../../shared/http/sub-app.ts';
import type { TenantPrincipal } from '../../shared/tenancy/principal.ts';
import { shownAttempt, shownSubscription } from './shown-subscription.ts';

export type DeliverService = Service & PushPorts;

/** Nothing on the way may keep what holds a secret. */
const SECRET_HEADERS = { 'cache-control': 'no-store' };

/** Subscriptions: what is delivered where. */
export const deliverRoutes = (service: DeliverService): SubApp => {
  const shown = async (caller: TenantPrincipal, subscription: WithSecret['subscription']) =>
    shownSubscription(subscription, await standingOf(service, caller.tenant, subscription));
  const answer = async (caller: TenantPrincipal, { subscription, secret }: WithSecret): Promise<Answer> => {
    const body = await shown(caller, subscription);
    return secret === undefined ? json(200, body) : json(200, { ...body, secret }, SECRET_HEADERS);
  };
  const changed =
    (
      change: (
        service: DeliverService,
        caller: TenantPrincipal,
        id: SubscriptionId,
      ) => Promise<WithSecret['subscription']>,
    ) =>
    async ({ principal, params }: { principal: TenantPrincipal; params: { subscription: SubscriptionId } }) =>
      json(200, await shown(principal, await change(service, principal, params.subscription)));
  return createSubApp(service, {
    putSubscription: async ({ principal, params, body }) => {
      const put = await putSubscription(service, principal, params.subscription, body);
      return { ...(await answer(principal, put)), status: put.secret === undefined ? 200 : 201 };
    },
    patchSubscription: async ({ principal, params, body }) =>
      answer(principal, await patchSubscription(service, principal, params.subscription, body)),
    getSubscription: changed(findSubscription),
    deleteSubscription: async ({ principal, params }) => {
      await deleteSubscription(service, principal, params.subscription);
      return noContent();
    },
    listSubscriptions: async ({ principal, query }) => {
      const { items, nextCursor } = await listSubscriptions(service, principal, query);
      return json(200, { data: await Promise.all(items.map((item) => shown(principal, item))), nextCursor });
    },
    pauseSubscription: changed(pauseSubscription),
    resumeSubscription: changed(resumeSubscription),
    testSubscription: async ({ principal, params }) => {
      const found = await findSubscription(service, principal, params.subscription);
      return json(200, await testDelivery(service, principal.tenant, found));
    },
    rotateSubscriptionSecret: async ({ principal, params }) =>
      answer(principal, await rotateSecret(service, principal, params.subscription)),
    replaySubscription: ({ principal, params, body }) =>
      changed((ports, caller, id) => replaySubscription(ports, caller, id, body.from))({ principal, params }),
    listAttempts: async ({ principal, params, query }) => {
      const { items, nextCursor } = await listAttempts(service, principal, params.subscription, query);
      return json(200, { data: items.map(shownAttempt), nextCursor });
    },
  });
};
