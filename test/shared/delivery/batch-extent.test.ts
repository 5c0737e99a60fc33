import { describe, expect, it } from 'vitest';
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
