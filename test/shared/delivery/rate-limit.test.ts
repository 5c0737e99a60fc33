import { describe, expect, it } from 'vitest';
import { answered } from '../../support/fake-endpoints.ts';
import { PushWorld } from '../../support/push-world.ts';

const SECOND_MS = 1000;
const RATE = 10;
const RECORDS = 60;

/** The most requests that any second held. */
const busiestSecond = (times: readonly number[]): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + SECOND_MS).length));

const prepare = async (answer: (tries: number) => number, rateLimit = RATE) => {
  const world = new PushWorld();
  await world.topic('orders', 3);
  const times: number[] = [];
  const values = new Set<string>();
  world.endpoints.answer = ({ body }) => {
    times.push(world.clock.now());
    const status = answer(times.length);
    if (status === 200) values.add(Buffer.from(body).toString());
    return answered(status);
  };
  await world.subscribe('push', {
    topic: 'orders',
    endpoint: { url: 'https://hooks.example.com/' },
    from: 'earliest',
    retry: { scheduleMs: [0] },
    maxInFlight: 20,
    rateLimit,
  });
  const records = Array.from({ length: RECORDS }, (_, n) => ({ key: `k${n}`, value: n }));
  await world.send('orders', records);
  await world.work();
  return { world, times, values };
};

describe('a rate limit', () => {
  it('holds for all partitions together, and is used to the full', async () => {
    const { world, times } = await prepare(() => 200);
    const startedAt = world.clock.now();
    await world.until(() => times.length === RECORDS, 10);
    expect(busiestSecond(times)).toBeLessThanOrEqual(RATE + 1);
    const tookMs = world.clock.now() - startedAt;
    expect(tookMs).toBeGreaterThanOrEqual(((RECORDS - 1) * SECOND_MS) / RATE);
    expect(tookMs).toBeLessThan((RECORDS * SECOND_MS * 1.2) / RATE);
    await world.stop();
  });

  it('counts tries, so that failures are no way around it', async () => {
    const { world, times, values } = await prepare((tries) => (tries % 2 === 0 ? 200 : 500));
    await world.until(() => values.size === RECORDS, 10);
    expect(times.length).toBeGreaterThan(RECORDS);
    expect(busiestSecond(times)).toBeLessThanOrEqual(RATE + 1);
    await world.stop();
  });

  it.each([RATE, 1, 0.1])('of %s per second gives every partition its share', async (rateLimit) => {
    const { world, times } = await prepare(() => 200, rateLimit);
    await world.until(() => times.length === 9, 50);
    const partitions = world.endpoints.requests.map(({ headers }) => headers['webhook-id']?.split('.').at(-2));
    // The first of them may begin before the others have looked.
    for (const partition of ['0', '1', '2']) {
      expect(partitions.filter((one) => one === partition).length).toBeGreaterThanOrEqual(2);
    }
    await world.stop();
  });
});
