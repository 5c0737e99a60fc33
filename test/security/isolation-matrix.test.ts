import { beforeEach, describe, expect, it } from 'vitest';
import { formatKeyToken } from '../../shared/contract/key-token.ts';
import type { Route } from '../../shared/contract/route.ts';
import { type RouteId, routeEntries } from '../../shared/contract/routes.ts';
import { ACTIONS, type Scope } from '../../shared/contract/scope.ts';
import {
  ALL,
  type Ask,
  ask,
  keyFor,
  type MadeKey,
  memoryService,
  OPERATOR_KEY,
  tenantId,
  wholeApp,
} from '../support/memory-service.ts';

/** One route: a request that would do harm if it got through, and what another tenant with all rights gets for it. */
interface Row {
  readonly query?: string;
  readonly json?: unknown;
  /** Its status, and its code or what its answer has to be. */
  readonly stranger: readonly [number, (string | object)?];
}

const NO_TOPIC = [404, 'topic_not_found'] as const;
const NO_GROUP = [404, 'group_not_found'] as const;
const NO_KEY = [404, 'key_not_found'] as const;
const NO_SUBSCRIPTION = [404, 'subscription_not_found'] as const;
/** It acted, within its own tenant; the victim is looked at afterwards. */
const ITS_OWN = [201] as const;
const FORBIDDEN = [403, 'forbidden'] as const;
const OPEN = [200] as const;
const EMPTY_LIST = [200, { data: [], nextCursor: null }] as const;
const NEW_KEY = { name: 'mine', scopes: ALL };

/** A route without a row here does not compile, and fails below. */
const ROWS: Record<RouteId, Row> = {
  produceRecords: { json: { records: [{ value: 'intruder' }] }, stranger: NO_TOPIC },
  produceEvents: {
    json: { specversion: '1.0', id: '1', source: '/x', type: 'x', data: 'intruder' },
    stranger: NO_TOPIC,
  },
  fetchPartition: { stranger: NO_TOPIC },
  fetchTopic: { stranger: NO_TOPIC },
  pollGroup: { json: { topics: ['orders'], sessionTimeoutMs: 3000 }, stranger: OPEN },
  commitGroup: {
    json: { generation: 1, offsets: [{ topic: 'orders', partition: 0, offset: 1 }] },
    stranger: NO_GROUP,
  },
  heartbeatGroup: { json: { generation: 1 }, stranger: NO_GROUP },
  leaveGroup: { stranger: NO_GROUP },
  listGroups: { stranger: EMPTY_LIST },
  getGroup: { stranger: NO_GROUP },
  seekGroup: { json: { topic: 'orders', to: 'latest' }, stranger: NO_GROUP },
  deleteGroup: { stranger: NO_GROUP },
  streamTopic: { query: '?from=earliest', stranger: NO_TOPIC },
  createTicket: { json: { topic: 'orders' }, stranger: ITS_OWN },
  putTopic: { json: { retentionMs: 1 }, stranger: ITS_OWN },
  patchTopic: { json: { retentionMs: 1 }, stranger: NO_TOPIC },
  getTopic: { stranger: NO_TOPIC },
  deleteTopic: { stranger: NO_TOPIC },
  listTopics: { stranger: EMPTY_LIST },
  listPartitions: { stranger: NO_TOPIC },
  deleteRecords: { query: '?beforeOffset=1', stranger: NO_TOPIC },
  putSubscription: {
    json: { topic: 'orders', endpoint: { url: 'https://taken.example.com/over' } },
    stranger: NO_TOPIC,
  },
  patchSubscription: { json: { endpoint: { url: 'https://taken.example.com/over' } }, stranger: NO_SUBSCRIPTION },
  getSubscription: { stranger: NO_SUBSCRIPTION },
  deleteSubscription: { stranger: NO_SUBSCRIPTION },
  listSubscriptions: { stranger: EMPTY_LIST },
  pauseSubscription: { stranger: NO_SUBSCRIPTION },
  resumeSubscription: { stranger: NO_SUBSCRIPTION },
  testSubscription: { stranger: NO_SUBSCRIPTION },
  rotateSubscriptionSecret: { stranger: NO_SUBSCRIPTION },
  replaySubscription: { json: { from: 'earliest' }, stranger: NO_SUBSCRIPTION },
  listAttempts: { stranger: NO_SUBSCRIPTION },
  putTenant: { json: { name: 'taken over' }, stranger: FORBIDDEN },
  getTenant: { stranger: FORBIDDEN },
  deleteTenant: { query: '?confirm=victim&cascade=true', stranger: FORBIDDEN },
  listTenants: { stranger: FORBIDDEN },
  createTenantKey: { json: NEW_KEY, stranger: FORBIDDEN },
  listTenantKeys: { stranger: FORBIDDEN },
  revokeTenantKey: { stranger: FORBIDDEN },
  rotateTenantKey: { json: {}, stranger: FORBIDDEN },
  createKey: { json: NEW_KEY, stranger: ITS_OWN },
  listKeys: { stranger: [200] },
  revokeKey: { stranger: NO_KEY },
  rotateKey: { json: {}, stranger: NO_KEY },
  repair: { json: {}, stranger: FORBIDDEN },
  healthz: { stranger: OPEN },
  openapi: { stranger: OPEN },
  limits: { stranger: OPEN },
  whoami: { stranger: OPEN },
};

const WORDS = 'what the victim wrote';

let service = memoryService();
let app = wholeApp(service);
let victim: MadeKey;

/** Everything that the victim has. */
const world = async (): Promise<string> => {
  const group = await ask(app, 'GET', '/v1/groups/billing', { key: victim.key });
  const paths = [
    '/v1/topics',
    '/v1/topics/orders/partitions',
    '/v1/topics/orders/records',
    '/v1/keys',
    '/v1/groups',
    '/v1/subscriptions',
  ];
  const answers = await Promise.all(paths.map((path) => ask(app, 'GET', path, { key: victim.key })));
  const tenant = await ask(app, 'GET', '/v1/tenants/victim', { key: OPERATOR_KEY });
  return JSON.stringify(await Promise.all([...answers, group, tenant].map((answer) => answer.text())));
};

const call = (id: RouteId, route: Route, more: Ask) => {
  const names: Record<string, string> = {
    tenant: 'victim',
    topic: 'orders',
    partition: '0',
    key: victim.id,
    group: 'billing',
    member: 'm1',
    subscription: 'push',
  };
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => names[name] ?? '');
  const { json, query = '' } = ROWS[id];
  const type = id === 'produceEvents' ? { headers: { 'content-type': 'application/cloudevents+json' } } : {};
  return ask(app, route.method, path + query, { ...(json === undefined ? {} : { json }), ...type, ...more });
};

const codeOf = async (answer: Response): Promise<unknown> => ((await answer.json()) as { code?: unknown }).code;

beforeEach(async () => {
  service = memoryService();
  app = wholeApp(service);
  victim = await keyFor(app, 'victim');
  await ask(app, 'PUT', '/v1/topics/orders', { key: victim.key });
  const json = { records: [{ key: 'k', value: WORDS }] };
  const answer = await ask(app, 'POST', '/v1/topics/orders/records', { key: victim.key, json });
  expect(answer.status).toBe(200);
  const joined = await ask(app, 'POST', '/v1/groups/billing/members/m1/poll', {
    key: victim.key,
    json: { topics: ['orders'] },
  });
  expect(joined.status).toBe(200);
  const subscription = { topic: 'orders', endpoint: { url: 'https://victim.example.com/hook' } };
  const made = await ask(app, 'PUT', '/v1/subscriptions/push', { key: victim.key, json: subscription });
  expect(made.status).toBe(201);
});

const without = (action: string): readonly Scope[] => [
  { actions: ACTIONS.filter((other) => other !== action), topics: ['*'] },
];

/** The victim's own secret under the stranger's name, and the other way round; both with a right checksum. */
const forged = async (): Promise<string[]> => {
  const stranger = await keyFor(app, 'stranger');
  const swapped = [
    victim.key.replace('_victim_', '_stranger_'),
    stranger.key.replace('_stranger_', '_victim_'),
    formatKeyToken(tenantId('victim'), new Uint8Array(32)),
  ];
  return [...swapped, victim.key.slice(0, -1), `${victim.key}0`, 'chq_victim_', 'nonsense', ''];
};

const expired = async (): Promise<string> => {
  const soon = new Date(service.clock.now() + 1000).toISOString();
  const { key } = await keyFor(app, 'victim', ALL, { expiresAt: soon });
  await service.clock.advance(1000);
  return key;
};

const revoked = async (): Promise<string> => {
  const { id, key } = await keyFor(app, 'victim');
  await ask(app, 'DELETE', `/v1/tenants/victim/keys/${id}`, { key: OPERATOR_KEY });
  return key;
};

/** With a right key, so that whatever is refused is refused for the reason that the case is about. */
const refusedWith = async (id: RouteId, route: Route, key: string | undefined, status: number): Promise<void> => {
  const before = await world();
  const answer = await call(id, route, { key });
  expect([answer.status, await codeOf(answer)]).toEqual([status, status === 401 ? 'unauthenticated' : 'forbidden']);
  expect(await world()).toBe(before);
};

it('has a row for every route, and no other', () => {
  expect(Object.keys(ROWS).sort()).toEqual(
    routeEntries()
      .map(([id]) => id)
      .sort(),
  );
});

/** What the key has to have on the topics that the row's body names. */
const namedActions = (route: Route, id: RouteId): readonly string[] | undefined =>
  route.namedTopics?.(ROWS[id].json).flatMap(({ actions }) => [...actions]);

/** A case that is about something which the route does not have is no case. */
const when = (applies: boolean, name: string, run: () => Promise<void>): void => {
  if (applies) it(name, run);
};

describe.each(routeEntries())('%s', (id, route) => {
  const keyed = route.credential !== 'none';

  when(keyed, 'is closed without a key', () => refusedWith(id, route, undefined, 401));

  when(keyed, 'is closed to wrong and forged keys', async () => {
    for (const key of await forged()) await refusedWith(id, route, key, 401);
  });

  when(keyed, 'is closed to an expired key', async () => refusedWith(id, route, await expired(), 401));

  when(keyed, 'is closed to a revoked key', async () => refusedWith(id, route, await revoked(), 401));

  when(!keyed, 'is open without a key, and does not look at one', async () => {
    expect((await call(id, route, {})).status).toBe(200);
    expect((await call(id, route, { key: 'nonsense' })).status).toBe(200);
  });

  when(route.credential === 'operator', "is closed to a tenant's own key", () =>
    refusedWith(id, route, victim.key, 403),
  );

  when(route.credential === 'tenant', "is closed to the operator's key", () =>
    refusedWith(id, route, OPERATOR_KEY, 403),
  );

  when(route.topicActions?.length === 1, 'is closed to a key without the action', async () => {
    await refusedWith(id, route, (await keyFor(app, 'victim', without(route.topicActions?.[0] ?? ''))).key, 403);
  });

  when(route.keyAction !== undefined, 'is closed to a key without the action on any topic', async () => {
    await refusedWith(id, route, (await keyFor(app, 'victim', without(route.keyAction ?? ''))).key, 403);
  });

  const scoped = route.topicActions ?? namedActions(route, id);

  when(scoped !== undefined, 'is closed to a key without the topic', async () => {
    for (const pattern of ['order', 'orders*x', 'order.*', 'orders2', 'Orders'].filter(
      (text) => !text.includes('*x'),
    )) {
      const { key } = await keyFor(app, 'victim', [{ actions: ACTIONS, topics: [pattern] }]);
      await refusedWith(id, route, key, 403);
    }
  });

  when(scoped !== undefined, 'does not add up actions and topics of different scopes', async () => {
    const scopes: Scope[] = [
      { actions: ACTIONS.filter((action) => !scoped?.some((own) => own === action)), topics: ['*'] },
      { actions: ACTIONS, topics: ['elsewhere'] },
    ];
    const given = scopes.filter(({ actions }) => actions.length > 0);
    await refusedWith(id, route, (await keyFor(app, 'victim', given)).key, 403);
  });

  it("does nothing to the victim for another tenant's key that may do everything", async () => {
    const stranger = await keyFor(app, 'stranger');
    const before = await world();
    const answer = await call(id, route, { key: stranger.key });
    const [status, expected] = ROWS[id].stranger;
    expect(answer.status).toBe(status);
    const text = await answer.text();
    if (typeof expected === 'string') expect(JSON.parse(text)).toMatchObject({ code: expected });
    if (typeof expected === 'object') expect(JSON.parse(text)).toEqual(expected);
    for (const theirs of [WORDS, victim.id, victim.key]) expect(text.includes(theirs)).toBe(false);
    expect(await world()).toBe(before);
  });

  when(route.credential === 'tenant', 'opens to the key that it is meant for', async () => {
    const answer = await call(id, route, { key: victim.key });
    expect([200, 201, 204]).toContain(answer.status);
  });
});
