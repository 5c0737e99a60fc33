import { describe, expect, it } from 'vitest';
import type { SubscriptionId } from '../../../shared/contract/ids.ts';
import type { Settings } from '../../../shared/delivery/settings.ts';
import { replaySubscription } from '../../../shared/delivery/subscriptions.ts';
import { LONGEST_WAKE_UP_MS, type WakeUp } from '../../../shared/ports/wake-ups.ts';
import { workForCommits, workForMessage } from '../../support/called-worker.ts';
import { answered } from '../../support/fake-endpoints.ts';
import { ALL } from '../../support/memory-service.ts';
import { PushWorld } from '../../support/push-world.ts';

const ID = 'push' as SubscriptionId;
const CALL_MS = 25_000;
const ONCE = { maxAttempts: 9, scheduleMs: [0, 5000] };

/** Workers that are called and go, as functions do. */
class CalledWorld extends PushWorld {
  readonly calls: WakeUp[] = [];

  /** One call, to its end. Answers what it has had called for later, as times from now. */
  async call(byCommit = false): Promise<number[]> {
    const { clock } = this.service;
    const before = this.calls.length;
    const wakeUps = { schedule: async (wanted: readonly WakeUp[]) => void this.calls.push(...wanted) };
    let over = false;
    const ports = { ...this.service, wakeUps };
    const until = clock.now() + CALL_MS;
    const work = byCommit
      ? workForCommits(ports, this.tenant, 'orders', until)
      : workForMessage(ports, { tenant: this.tenant, subscription: ID }, until);
    const done = work.finally(() => {
      over = true;
    });
    done.catch(() => undefined);
    while (!over) await clock.advance(50);
    await done;
    return this.calls.slice(before).map(({ at }) => at - clock.now());
  }
}

const prepare = async (settings: Partial<Settings> = {}, status = 200) => {
  const world = new CalledWorld();
  const given = { status };
  world.endpoints.answer = () => answered(given.status);
  await world.topic('orders');
  const endpoint = { url: 'https://hooks.example.com/' };
  await world.subscribe(ID, { topic: 'orders', endpoint, from: 'earliest', ...settings });
  const sent = (): number => world.endpoints.requests.length;
  return { world, given, sent };
};

describe('a worker that is called', () => {
  it('delivers what there is, and has nobody called', async () => {
    const { world, sent } = await prepare();
    await world.send('orders', [{ key: 'k', value: 1 }]);
    expect(await world.call()).toEqual([]);
    expect(sent()).toBe(1);
  });

  it('has somebody called for the next try, once, however often it is looked meanwhile', async () => {
    const { world, given, sent } = await prepare({ retry: ONCE }, 500);
    await world.send('orders', [{ key: 'k', value: 1 }]);
    const [inMs, ...more] = await world.call();
    expect([sent(), more]).toEqual([1, []]);
    expect(inMs).toBeGreaterThan(3000);
    expect(inMs).toBeLessThanOrEqual(5000);
    expect(await world.call(true)).toEqual([]);
    expect(sent()).toBe(1);
    given.status = 200;
    await world.clock.advance(inMs! + 1);
    expect(await world.call()).toEqual([]);
    expect(sent()).toBe(2);
  });

  it('calls again after every try that fails, and again where the call before was lost', async () => {
    const { world, sent } = await prepare({ retry: ONCE }, 500);
    await world.send('orders', [{ key: 'k', value: 1 }]);
    for (let tries = 1; tries <= 3; tries += 1) {
      const [inMs] = await world.call();
      expect([sent(), inMs]).toEqual([tries, expect.any(Number)]);
      await world.clock.advance(inMs! + 60_000);
    }
  });

  it('leaves to the sweep what is further away than a message waits', async () => {
    const { world, sent } = await prepare(
      { retry: { maxAttempts: 9, scheduleMs: [0, LONGEST_WAKE_UP_MS + 60_000] } },
      500,
    );
    await world.send('orders', [{ key: 'k', value: 1 }]);
    expect(await world.call()).toEqual([]);
    await world.clock.advance(LONGEST_WAKE_UP_MS + 61_000);
    await world.call();
    expect(sent()).toBe(2);
  });

  it('sends a batch that is not full when it has waited long enough, whoever began to wait', async () => {
    const { world, sent } = await prepare({ batch: { maxRecords: 10, maxWaitMs: 30_000 } });
    const startedAt = world.clock.now();
    await world.send('orders', [{ key: 'k', value: 1 }]);
    const [inMs] = await world.call();
    expect(sent()).toBe(0);
    expect(world.clock.now() + inMs!).toBeLessThan(startedAt + 30_500);
    await world.clock.advance(10_000);
    await world.send('orders', [{ key: 'k', value: 2 }]);
    expect(await world.call(true)).toEqual([]);
    await world.clock.advance(inMs! - 10_000);
    expect(await world.call()).toEqual([]);
    expect(world.endpoints.requests.map(({ headers }) => headers['webhook-id']?.split('.').at(-1))).toEqual(['0-1']);
  });

  it('has somebody called at once to go on when its time is over', async () => {
    const { world, sent } = await prepare({ rateLimit: 2 });
    await world.send(
      'orders',
      Array.from({ length: 100 }, (_, value) => ({ key: 'k', value })),
    );
    const [inMs, ...more] = await world.call();
    expect([Math.max(0, inMs!), more]).toEqual([0, []]);
    const first = sent();
    expect(first).toBeGreaterThan(40);
    expect(first).toBeLessThan(60);
    await world.call();
    expect(sent()).toBeGreaterThan(first + 40);
    const ids = world.endpoints.requests.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('follows a subscription that is changed meanwhile', async () => {
    const { world, given, sent } = await prepare({ retry: { maxAttempts: 99, scheduleMs: [0, 500] } }, 500);
    await world.send('orders', [{ key: 'k', value: 1 }]);
    const called = world.call();
    await world.clock.advance(3000);
    given.status = 200;
    await replaySubscription(world.service, { tenant: world.tenant, scopes: ALL }, ID, 'latest');
    await called;
    const before = sent();
    await world.send('orders', [{ key: 'k', value: 2 }]);
    await world.call();
    expect(world.endpoints.requests.slice(before).map(({ body }) => Buffer.from(body).toString())).toEqual(['2']);
  });

  it('does nothing for a subscription that was deleted while it waited for the lease', async () => {
    const { world, sent } = await prepare();
    await world.send('orders', [{ key: 'k', value: 1 }]);
    const { subscriptions, clock } = world.service;
    const seen = (await subscriptions.get(world.tenant, ID))!;
    const lease = { owner: 'another', expiresAt: clock.now() + 1000 };
    await subscriptions.acquire(world.tenant, { uid: seen.uid, partition: 0 }, lease, clock.now());
    const called = world.call(true);
    await clock.advance(500);
    await subscriptions.remove(world.tenant, seen);
    expect(await called).toEqual([]);
    expect(sent()).toBe(0);
  });

  it('waits for another one that has the lease only where it was called by a commit', async () => {
    const { world, sent } = await prepare();
    await world.send('orders', [{ key: 'k', value: 1 }]);
    const { subscriptions, clock } = world.service;
    const { uid } = (await subscriptions.get(world.tenant, ID))!;
    const lease = { owner: 'another', expiresAt: clock.now() + 10_000 };
    await subscriptions.acquire(world.tenant, { uid, partition: 0 }, lease, clock.now());
    const startedAt = clock.now();
    expect(await world.call()).toEqual([]);
    expect([sent(), clock.now() - startedAt < 5000]).toEqual([0, true]);
    await world.call(true);
    expect([sent(), clock.now() - startedAt >= 10_000]).toEqual([1, true]);
  });
});
