import { LIMITS, SUBSCRIPTION_DEFAULTS } from '../limits.ts';
import type { Route } from '../route.ts';
import { LIST_QUERY, NO_QUERY } from '../schemas/query.ts';
import {
  ATTEMPT_PAGE,
  DELIVERY_TEST,
  REPLAY,
  SUBSCRIPTION,
  SUBSCRIPTION_PAGE,
  SUBSCRIPTION_SETTINGS,
  SUBSCRIPTION_WITH_SECRET,
} from '../schemas/subscription.ts';

const EXAMPLE = {
  id: 'to-billing',
  topic: 'orders',
  endpoint: { url: 'https://billing.example.com/hooks/orders' },
  from: 'latest',
  filter: { exact: { 'header.ce_type': 'order.placed' } },
  format: 'cloudevents',
  batch: null,
  retry: { maxAttempts: 7, scheduleMs: [...SUBSCRIPTION_DEFAULTS.scheduleMs], timeoutMs: 15_000 },
  deadLetterTopic: 'orders.dead',
  maxInFlight: 1,
  rateLimit: null,
  status: 'active',
  createdAt: '2026-01-31T12:00:00.000Z',
  updatedAt: '2026-01-31T12:00:00.000Z',
};
const SECRET_EXAMPLE = { ...EXAMPLE, secret: 'whsec_…' };
const TRY_EXAMPLE = {
  webhookId: '0199c0de-0000-7000-8000-000000000001.0.7',
  status: 500,
  error: null,
  durationMs: 12,
  response: 'try again',
};

const SETTINGS_BODY = {
  kind: 'json',
  schema: SUBSCRIPTION_SETTINGS,
  maxBytes: LIMITS.metadataRequestBytes,
  example: { topic: 'orders', endpoint: EXAMPLE.endpoint },
} as const;

const shared = {
  function: 'deliver',
  tag: 'Subscriptions',
  credential: 'tenant',
  keyAction: 'subscribe',
  query: NO_QUERY,
  body: { kind: 'none' },
} as const;
const one = { ...shared, path: '/v1/subscriptions/:subscription', errors: ['subscription_not_found'] } as const;
const shown = { description: 'The subscription as it now stands.', schema: SUBSCRIPTION, example: EXAMPLE } as const;
const withSecret = { schema: SUBSCRIPTION_WITH_SECRET, example: SECRET_EXAMPLE } as const;
const jsonErrors = ['invalid_json', 'payload_too_large', 'unsupported_media_type'] as const;

export const SUBSCRIPTION_ROUTES = {
  putSubscription: {
    ...one,
    method: 'PUT',
    body: SETTINGS_BODY,
    summary: 'Create or update a subscription',
    description:
      'Needs `subscribe` on the topic and `produce` on the dead-letter topic. `topic` and `from` are for its creation. Of `retry` and `batch` single fields can be changed.',
    answers: { 200: shown, 201: { ...withSecret, description: 'The new one; its secret is shown this once.' } },
    errors: [...jsonErrors, 'topic_not_found', 'conflict'],
  },
  patchSubscription: {
    ...one,
    method: 'PATCH',
    body: SETTINGS_BODY,
    summary: 'Update a subscription',
    answers: { 200: shown },
    errors: [...jsonErrors, 'topic_not_found', 'subscription_not_found', 'conflict'],
  },
  getSubscription: { ...one, method: 'GET', summary: 'Show a subscription', answers: { 200: shown } },
  deleteSubscription: {
    ...one,
    method: 'DELETE',
    summary: 'Delete a subscription',
    answers: { 204: { description: 'It is gone, and what was under way with it.' } },
  },
  listSubscriptions: {
    ...shared,
    method: 'GET',
    path: '/v1/subscriptions',
    query: LIST_QUERY,
    summary: "List the subscriptions to topics in the key's scope",
    answers: {
      200: {
        description: 'Subscriptions in the order of their ids.',
        schema: SUBSCRIPTION_PAGE,
        example: { data: [EXAMPLE], nextCursor: null },
      },
    },
    errors: ['invalid_cursor'],
  },
  pauseSubscription: {
    ...one,
    method: 'POST',
    path: '/v1/subscriptions/:subscription/pause',
    summary: 'Stop deliveries for now',
    answers: { 200: shown },
  },
  resumeSubscription: {
    ...one,
    method: 'POST',
    path: '/v1/subscriptions/:subscription/resume',
    summary: 'Go on where deliveries stopped',
    description: 'What had failed is tried again at once, and its tries are counted anew.',
    answers: { 200: shown },
    errors: ['subscription_not_found', 'topic_not_found'],
  },
  testSubscription: {
    ...one,
    method: 'POST',
    path: '/v1/subscriptions/:subscription/test',
    summary: 'Send a signed sample',
    answers: { 200: { description: 'What the endpoint said.', schema: DELIVERY_TEST, example: TRY_EXAMPLE } },
  },
  rotateSubscriptionSecret: {
    ...one,
    method: 'POST',
    path: '/v1/subscriptions/:subscription/rotate-secret',
    summary: 'Give a subscription a new secret',
    description: 'For 24 hours deliveries are signed with the one before it too.',
    answers: { 200: { ...withSecret, description: 'The new secret is shown this once.' } },
  },
  replaySubscription: {
    ...one,
    method: 'POST',
    path: '/v1/subscriptions/:subscription/replay',
    body: { kind: 'json', schema: REPLAY, maxBytes: LIMITS.metadataRequestBytes, example: { from: 'earliest' } },
    summary: 'Deliver again from a point on',
    answers: { 200: shown },
    errors: [...jsonErrors, 'subscription_not_found', 'topic_not_found'],
  },
  listAttempts: {
    ...one,
    method: 'GET',
    path: '/v1/subscriptions/:subscription/attempts',
    query: LIST_QUERY,
    summary: 'Show what was tried',
    description: 'The last 100 tries, and every failure of the last seven days, the newest first.',
    answers: {
      200: {
        description: 'Tries.',
        schema: ATTEMPT_PAGE,
        example: {
          data: [
            {
              id: '0199c0de-0000-7000-8000-000000000003',
              time: '2026-01-31T12:00:00.000Z',
              partition: 0,
              offset: 7,
              lastOffset: 7,
              attempt: 1,
              outcome: 'failed',
              ...TRY_EXAMPLE,
              nextTryAt: '2026-01-31T12:00:05.000Z',
            },
          ],
          nextCursor: null,
        },
      },
    },
    errors: ['subscription_not_found', 'invalid_cursor'],
  },
} as const satisfies Record<string, Route>;
