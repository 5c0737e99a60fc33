import { describe, expect, it } from 'vitest';
import type { SubscriptionId } from '../../../shared/contract/ids.ts';
import type { Settings } from '../../../shared/delivery/settings.ts';
import { answered } from '../../support/fake-endpoints.ts';
import { PushWorld, type Sent } from '../../support/push-world.ts';

const LEASE_MS = 95_000;

const records = (from: number, to: number): Sent[] =>
  Array.from({ length: to - from }, (_, at) => ({ key: `k${(from + at) % 5}`, value: from + at }));

const NOT_K2 = { not: { exact: { key: 'k2' } }, all: undefined, any: undefined };

/** Workers that are killed before the endpoint has answered anything, while more records come. */
const killInFlight = async (settings: Partial<Settings>) => {
  const world = new PushWorld();
  let hangs = true;
  world.endpoints.answer = () => (hangs ? new Promise(() => undefined) : answered(204));
  await world.topic('orders');
  const endpoint = { url: 'https://hooks.example.com/' };
  await world.subscribe('push', { topic: 'orders', endpoint, from: 'earliest', ...settings });
  await world.send('orders', records(0, 4));
  await world.work();
  await world.clock.advance(500);
  world.kill();
  const before = world.endpoints.requests.splice(0);
  await world.send('orders', records(4, 40));
  await world.clock.advance(LEASE_MS);
  hangs = false;
  await world.work();
  await world.clock.advance(5000);
  await world.stop();
  return { before, after: world.endpoints.requests };
};

describe('what a batch is put together of', () => {
  it.each([1, 4])('is stored before it is sent, with %i in flight', async (maxInFlight) => {
    const world = new PushWorld();
    const ofId = (id = ''): string => id.split('.').at(-1) ?? '';
    const unstored: string[] = [];
    world.endpoints.answer = async ({ headers }) => {
      const { uid } = (await world.service.subscriptions.get(world.tenant, 'push' as SubscriptionId))!;
      const stored = (await world.service.subscriptions.deliveries(world.tenant, uid)).get(0);
      const ranges = stored?.retries.map(({ from, to }) => `${from}-${to - 1}`) ?? [];
      const range = ofId(headers['webhook-id']);
      if (!ranges.includes(range)) unstored.push(range);
      return answered(204);
    };
    await world.topic('orders');
    const endpoint = { url: 'https://hooks.example.com/' };
    const batch = { maxRecords: 2, maxWaitMs: 0 };
    await world.subscribe('push', { topic: 'orders', endpoint, from: 'earliest', batch, maxInFlight });
    const apart = Array.from({ length: 80 }, (_, value) => ({ key: `k${value}`, value }));
    await world.send('orders', apart);
    await world.work();
    await world.until(() => world.endpoints.requests.length === 40, 100);
    expect(unstored).toEqual([]);
    await world.stop();
  });
});

describe('a batch that was sent before a kill', () => {
  // It was put together anew of what had come since, under another id, so that a receiver could not tell that it had had it.
  it.each([
    ['one at a time', { batch: { maxRecords: 10, maxWaitMs: 100 } }],
    ['without waiting', { batch: { maxRecords: 10, maxWaitMs: 0 } }],
    ['some in flight', { batch: { maxRecords: 3, maxWaitMs: 100 }, maxInFlight: 4 }],
    ['with a filter', { batch: { maxRecords: 10, maxWaitMs: 100 }, filter: NOT_K2 }],
  ])('is the same again: same records, same webhook-id (%s)', async (_name, settings) => {
    const { before, after } = await killInFlight(settings);
    expect(before.length).toBeGreaterThan(0);
    for (const request of before) {
      const id = request.headers['webhook-id'];
      const again = after.filter(({ headers }) => headers['webhook-id'] === id);
      expect(again.map(({ body }) => Buffer.from(body).toString())).toEqual([Buffer.from(request.body).toString()]);
    }
  });
});
