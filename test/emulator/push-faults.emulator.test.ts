import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoSubscriptionStore } from '../../shared/adapters/dynamodb/dynamo-subscription-store.ts';
import { ChasquiError } from '../../shared/contract/errors.ts';
import type { SubscriptionId, TopicName } from '../../shared/contract/ids.ts';
import type { Settings } from '../../shared/delivery/settings.ts';
import {
  deleteSubscription,
  listAttempts,
  patchSubscription,
  putSubscription,
  replaySubscription,
  resumeSubscription,
} from '../../shared/delivery/subscriptions.ts';
import { UnknownOutcomeError } from '../../shared/ports/offset-store.ts';
import type { SubscriptionStore } from '../../shared/ports/subscription-store.ts';
import { workForMessage } from '../support/called-worker.ts';
import { answered } from '../support/fake-endpoints.ts';
import { ALL, memoryService, tenantId } from '../support/memory-service.ts';
import { PushWorld } from '../support/push-world.ts';
import { DISTINCT_FAULTS, type Fault } from './wire.ts';
import { ofFreshTenant, openWiredTable, type WiredTable } from './wired-table.ts';

const ID = 'push' as SubscriptionId;
const CALLER = { tenant: tenantId('acme'), scopes: ALL };
/** However often a call is made again while the emulator is slow, the next try is due when the lease is free. */
const SETTINGS: Settings = {
  topic: 'orders',
  endpoint: { url: 'https://hooks.example.com/' },
  from: 'earliest',
  retry: { scheduleMs: [0, 5000] },
};
const LEASE_MS = 90_000;

/** Subscriptions in a table, all else in memory, time moved by hand. */
class TrialWorld extends PushWorld {
  answer = 200;

  /** One call of a worker, to its end. */
  async call(): Promise<void> {
    const { clock } = this.service;
    const ports = { ...this.service, wakeUps: { schedule: async () => undefined } };
    let over = false;
    const done = workForMessage(ports, { tenant: this.tenant, subscription: ID }, clock.now() + 25_000).finally(() => {
      over = true;
    });
    done.catch(() => undefined);
    while (!over) {
      await clock.advance(50);
      await sleep(1);
    }
    await done;
  }

  get sent(): string[] {
    return this.endpoints.requests.map(({ body }) => Buffer.from(body).toString());
  }
}

interface Operation {
  readonly name: string;
  readonly before?: (world: TrialWorld) => Promise<unknown>;
  perform(world: TrialWorld): Promise<unknown>;
  /** What the endpoint answers meanwhile. */
  readonly status?: number;
}

const put = ({ service }: TrialWorld) => putSubscription(service, CALLER, ID, SETTINGS);

const OPERATIONS: readonly Operation[] = [
  { name: 'create', perform: put },
  // A pause, a resumption and a rotation are one read and one conditional write too.
  { name: 'change', before: put, perform: ({ service }) => patchSubscription(service, CALLER, ID, { rateLimit: 100 }) },
  { name: 'replay', before: put, perform: ({ service }) => replaySubscription(service, CALLER, ID, 'earliest') },
  {
    name: 'attempts',
    before: async (world) => {
      await put(world);
      await world.call();
    },
    perform: ({ service }) => listAttempts(service, CALLER, ID, { limit: 10 }),
  },
  {
    name: 'delete',
    before: async (world) => {
      await put(world);
      await world.call();
    },
    perform: ({ service }) => deleteSubscription(service, CALLER, ID),
  },
  { name: 'deliver', before: put, perform: (world) => world.call() },
  { name: 'deliver to an endpoint that fails', before: put, perform: (world) => world.call(), status: 500 },
];

/** What fails has to say so with an error that a client can read. */
const tolerant = async (perform: () => Promise<unknown>): Promise<void> => {
  try {
    await perform();
  } catch (error) {
    if (error instanceof UnknownOutcomeError) return;
    if (!(error instanceof ChasquiError)) throw error;
    expect(['unavailable', 'subscription_not_found']).toContain(error.code);
  }
};

/** The ids in the two lists that the workers read. */
const subscribed = async ({ service, tenant }: TrialWorld) => {
  const { id: topicId } = (await service.topics.get(tenant, 'orders' as TopicName))!;
  const ofTopic = await service.subscriptions.ofTopic(tenant, topicId);
  const { found } = await service.subscriptions.pageOfAll({ limit: 1000 });
  return [ofTopic.map(({ id }) => id), found.map(({ subscription }) => subscription.id)];
};

/** Made again and active it delivers what there is, each record once at least and in order, and then no more. */
const expectLaws = async (world: TrialWorld, what: string): Promise<void> => {
  const { service } = world;
  world.answer = 200;
  await put(world);
  await resumeSubscription(service, CALLER, ID);
  await world.send('orders', [{ key: 'k', value: 'last' }]);
  // Whoever was broken off has left its lease behind.
  await service.clock.advance(LEASE_MS + 1);
  await world.call();
  expect([...new Set(world.sent)], what).toEqual(['0', '1', '"last"']);
  const before = world.sent.length;
  await world.call();
  expect(world.sent.length, what).toBe(before);
  expect((await listAttempts(service, CALLER, ID, { limit: 100 })).items.length, what).toBeGreaterThan(0);
  expect(await subscribed(world), what).toEqual([[ID], [ID]]);
  await deleteSubscription(service, CALLER, ID);
  expect(await subscribed(world), what).toEqual([[], []]);
};

/** Of one tenant, as if there were no others. */
const subscriptionsIn = (table: WiredTable): SubscriptionStore => {
  const store = createDynamoSubscriptionStore(table);
  const own = ofFreshTenant(store);
  const { tenant } = CALLER;
  const pageOfAll = async () => {
    const { found } = await store.pageOfAll({ limit: 10_000 });
    const ours = found.filter((one) => one.tenant === own.tenant);
    return { found: ours.map(({ subscription }) => ({ tenant, subscription })) };
  };
  return new Proxy(own, { get: (target, name) => (name === 'pageOfAll' ? pageOfAll : Reflect.get(target, name)) });
};

/** Answers the calls that were sent. */
const tryOut = async (
  { name, before, perform, status = 200 }: Operation,
  table: WiredTable,
  fault?: Fault,
  at = 0,
): Promise<readonly string[]> => {
  const what = fault === undefined ? name : `${name}: ${fault} at call ${at}`;
  const { wire } = table;
  const subscriptions = subscriptionsIn(table);
  const world = new TrialWorld({ ...memoryService(), subscriptions });
  world.endpoints.answer = () => answered(world.answer);
  await world.topic('orders');
  const values = [0, 1].map((value) => ({ key: 'k', value }));
  await world.send('orders', values);
  await before?.(world);
  world.answer = status;
  wire.start(fault, at);
  await tolerant(() => perform(world));
  const calls = [...wire.calls];
  wire.start();
  // Once more, as a client does whose answer was lost.
  await tolerant(() => perform(world));
  await wire.deliverLate();
  await expectLaws(world, what);
  return calls;
};

describe('one fault at every call of every operation of a subscription', () => {
  let tables: WiredTable[];
  beforeAll(async () => {
    tables = await Promise.all(DISTINCT_FAULTS.map(() => openWiredTable('DynamoDB Local')));
  });
  afterAll(async () => {
    await Promise.all(tables.map((table) => table.close()));
  });

  it.each(OPERATIONS)('$name', { timeout: 120_000 }, async (operation) => {
    const calls = await tryOut(operation, tables[0]!);
    expect(calls.length).toBeGreaterThan(0);
    for (const at of calls.keys())
      await Promise.all(DISTINCT_FAULTS.map((fault, lane) => tryOut(operation, tables[lane]!, fault, at)));
    console.log(`${operation.name}: ${calls.length} calls × ${DISTINCT_FAULTS.length} faults (${calls.join(', ')})`);
  });
});
