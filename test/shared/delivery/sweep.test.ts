import { describe, expect, it } from 'vitest';
import type { SubscriptionId, TopicName } from '../../../shared/contract/ids.ts';
import type { Settings } from '../../../shared/delivery/settings.ts';
import { pauseSubscription } from '../../../shared/delivery/subscriptions.ts';
import { sweep } from '../../../shared/delivery/sweep.ts';
import { LONGEST_WAKE_UP_MS, type WakeUp } from '../../../shared/ports/wake-ups.ts';
import { deleteTopic } from '../../../shared/tenancy/topics.ts';
import { workForMessage } from '../../support/called-worker.ts';
import { answered } from '../../support/fake-endpoints.ts';
import { PushWorld } from '../../support/push-world.ts';

const CALL_MS = 25_000;
const ENDPOINT = { url: 'https://hooks.example.com/' };

/** Functions: a sweep now and then, and workers for the messages that it sends. */
class SweptWorld extends PushWorld {
  place: string | undefined;
  readonly #calls: WakeUp[] = [];

  get ports() {
    const schedule = async (calls: readonly WakeUp[]) => void this.#calls.push(...calls);
    const save = async (place: string | undefined) => {
      this.place = place;
    };
    return { ...this.service, wakeUps: { schedule }, progress: { load: async () => this.place, save } };
  }

  /** Whom it has called for. */
  async sweep(forMs = CALL_MS): Promise<string[]> {
    await sweep(this.ports, this.clock.now() + forMs);
    return this.#calls.splice(0).map(({ subscription }) => subscription);
  }

  /** A message's worker, to its end; what it has called for is lost. */
  override async work(id = 'push'): Promise<void> {
    let over = false;
    const call = { tenant: this.tenant, subscription: id as SubscriptionId };
    const done = workForMessage(this.ports, call, this.clock.now() + CALL_MS).finally(() => {
      over = true;
    });
    while (!over) await this.clock.advance(50);
    await done;
    this.#calls.length = 0;
  }
}

const prepare = async (settings: Partial<Settings> = {}, status = 200) => {
  const world = new SweptWorld();
  world.endpoints.answer = () => answered(status);
  await world.topic('orders', 2);
  await world.subscribe('push', { topic: 'orders', endpoint: ENDPOINT, from: 'earliest', ...settings });
  const send = (...keys: string[]) =>
    world.send(
      'orders',
      keys.map((key) => ({ key, value: key })),
    );
  return { world, send };
};

describe('the sweep', () => {
  it('calls for whoever has something to do, and sends nothing itself', async () => {
    const { world, send } = await prepare();
    expect(await world.sweep()).toEqual([]);
    await send('k');
    expect(await world.sweep()).toEqual(['push']);
    expect(world.endpoints.requests).toEqual([]);
    await world.work();
    expect(await world.sweep()).toEqual([]);
    expect(world.endpoints.requests).toHaveLength(1);
  });

  it('calls for a next try when it is due, however far away it was', async () => {
    const retry = { maxAttempts: 9, scheduleMs: [0, 4 * LONGEST_WAKE_UP_MS] };
    const { world, send } = await prepare({ retry }, 500);
    await send('k');
    await world.work();
    expect(await world.sweep()).toEqual([]);
    await send('k');
    expect(await world.sweep()).toEqual([]);
    await world.clock.advance(4 * LONGEST_WAKE_UP_MS + 1);
    expect(await world.sweep()).toEqual(['push']);
    await world.resume('push');
  });

  it('calls for other keys beside one that waits, where several may be in flight', async () => {
    const retry = { maxAttempts: 9, scheduleMs: [0, LONGEST_WAKE_UP_MS] };
    const { world, send } = await prepare({ retry, maxInFlight: 4 }, 500);
    await send('k', 'l');
    await world.work();
    expect(await world.sweep()).toEqual([]);
    await send('m');
    expect(await world.sweep()).toEqual(['push']);
  });

  it('leaves a batch that fills in peace until it is full or has waited long enough', async () => {
    const { world, send } = await prepare({ batch: { maxRecords: 3, maxWaitMs: 60_000 } });
    await send('k');
    await world.work();
    expect(await world.sweep()).toEqual([]);
    await send('k', 'k');
    expect(await world.sweep()).toEqual(['push']);
    await world.work();
    await send('k');
    await world.work();
    expect(await world.sweep()).toEqual([]);
    await world.clock.advance(61_000);
    expect(await world.sweep()).toEqual(['push']);
  });

  it('calls where a topic was deleted, or an endpoint has to be asked for leave, and never for who is paused', async () => {
    const { world, send } = await prepare({ endpoint: { ...ENDPOINT, handshake: true } });
    expect(await world.sweep()).toEqual(['push']);
    await world.subscribe('other', { topic: 'orders', endpoint: ENDPOINT });
    await world.manage('push', pauseSubscription);
    await send('k');
    expect(await world.sweep()).toEqual(['other']);
    await world.work('other');
    expect(await world.sweep()).toEqual([]);
    await deleteTopic(world.service, world.tenant, 'orders' as TopicName);
    expect(await world.sweep()).toEqual(['other']);
    await world.work('other');
    expect(await world.sweep()).toEqual([]);
  });

  it('goes on where the one before had to stop, through however many there are', async () => {
    const { world, send } = await prepare();
    const ids = Array.from({ length: 250 }, (_, n) => `s-${n}`);
    for (const id of ids) await world.subscribe(id, { topic: 'orders', endpoint: ENDPOINT, from: 'earliest' });
    await send('k');
    const found = [await world.sweep(0), await world.sweep(0), await world.sweep(0)];
    expect(found.map(({ length }) => length)).toEqual([100, 100, 51]);
    expect(found.flat().sort()).toEqual([...ids, 'push'].sort());
    expect(await world.sweep()).toHaveLength(251);
  });

  it('looks at the others where one cannot be looked at', async () => {
    const { world, send } = await prepare();
    await world.subscribe('other', { topic: 'orders', endpoint: ENDPOINT, from: 'earliest' });
    await send('k');
    const { subscriptions } = world.service;
    const { uid } = (await subscriptions.get(world.tenant, 'push' as SubscriptionId))!;
    const { deliveries } = subscriptions;
    subscriptions.deliveries = async (tenant, of) => {
      if (of === uid) throw new Error('damaged');
      return deliveries.call(subscriptions, tenant, of);
    };
    expect(await world.sweep()).toEqual(['other']);
    expect(world.service.log.lines.some(({ event }) => event === 'sweep could not look')).toBe(true);
  });
});
