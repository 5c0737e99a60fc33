import { describe, expect, it } from 'vitest';
import type { SubscriptionId, TopicName } from '../../../shared/contract/ids.ts';
import {
  deleteSubscription,
  pauseSubscription,
  replaySubscription,
  rotateSecret,
} from '../../../shared/delivery/subscriptions.ts';
import { findTopic } from '../../../shared/log/find-topic.ts';
import { deleteTopic } from '../../../shared/tenancy/topics.ts';
import { answered } from '../../support/fake-endpoints.ts';
import { PushWorld } from '../../support/push-world.ts';

const ID = 'push' as SubscriptionId;
const ANSWER_MS = 300;
const DAY_MS = 86_400_000;

/** Records that an endpoint takes some time for; what it has answered. */
const prepare = async (settings = {}) => {
  const world = new PushWorld();
  const taken: unknown[] = [];
  world.endpoints.answer = async ({ body }) => {
    await world.clock.sleep(ANSWER_MS);
    taken.push(JSON.parse(Buffer.from(body).toString()));
    return answered(204);
  };
  await world.topic('orders');
  const endpoint = { url: 'https://hooks.example.com/' };
  await world.subscribe(ID, { topic: 'orders', endpoint, format: 'raw', from: 'earliest', ...settings });
  await world.send(
    'orders',
    [1, 2, 3].map((value) => ({ key: 'k', value })),
  );
  await world.work();
  const errors = () => world.service.log.lines.filter(({ level }) => level === 'error');
  const stored = () => world.service.subscriptions.get(world.tenant, ID);
  await world.clock.advance(100);
  expect(world.endpoints.requests).toHaveLength(1);
  return { world, taken, errors, stored };
};

describe('while a delivery is under way', () => {
  it('a pause lets it end, and nothing comes twice after the resumption', async () => {
    const { world, taken, errors } = await prepare();
    await world.manage(ID, pauseSubscription);
    await world.clock.advance(60_000);
    expect(taken).toEqual([1]);
    await world.resume(ID);
    await world.clock.advance(60_000);
    expect(taken).toEqual([1, 2, 3]);
    expect(world.endpoints.requests).toHaveLength(3);
    expect(errors()).toEqual([]);
    await world.stop();
  });

  it('a deletion ends all, and nothing is left behind', async () => {
    const { world, errors, stored } = await prepare();
    const { uid } = (await stored())!;
    await world.manage(ID, deleteSubscription);
    await world.clock.advance(60_000);
    expect(world.endpoints.requests).toHaveLength(1);
    expect((await world.service.subscriptions.deliveries(world.tenant, uid)).size).toBe(0);
    expect(await world.service.subscriptions.attempts(world.tenant, uid, { limit: 10 })).toEqual([]);
    expect(errors()).toEqual([]);
    await world.stop();
  });

  it('the deletion of its topic pauses the subscription, which says so', async () => {
    const { world, errors, stored } = await prepare();
    const topic = await findTopic(world.service, world.tenant, 'orders' as TopicName);
    await deleteTopic(world.service, world.tenant, topic.name);
    await world.clock.advance(60_000);
    expect(await stored()).toMatchObject({ status: 'paused', statusReason: 'The topic was deleted.' });
    expect(world.endpoints.requests.length).toBeLessThanOrEqual(3);
    expect(errors()).toEqual([]);
    await world.stop();
  });

  it('a replay starts again from its point, in order', async () => {
    const { world, taken, errors } = await prepare();
    await world.clock.advance(300);
    await world.manage(ID, (ports, caller, id) => replaySubscription(ports, caller, id, 'earliest'));
    await world.clock.advance(60_000);
    expect(taken.slice(-3)).toEqual([1, 2, 3]);
    expect(errors()).toEqual([]);
    await world.stop();
  });
});

describe('a secret that was rotated', () => {
  it('signs beside the new one for a day, and no longer', async () => {
    const { world } = await prepare();
    await world.clock.advance(5000);
    await world.manage(ID, rotateSecret);
    const signatures = async (): Promise<number | undefined> => {
      await world.send('orders', [{ key: 'k', value: 4 }]);
      await world.clock.advance(5000);
      return world.endpoints.requests.at(-1)?.headers['webhook-signature']?.split(' ').length;
    };
    expect(await signatures()).toBe(2);
    await world.stop();
    await world.clock.advance(DAY_MS - 60_000);
    await world.work();
    expect(await signatures()).toBe(2);
    await world.clock.advance(60_000);
    expect(await signatures()).toBe(1);
    await world.stop();
  });
});

describe('an endpoint that asks to be tried again at once', () => {
  it.each([429, 503])('with %s is not, but a second later', async (status) => {
    const { world, taken } = await prepare();
    await world.clock.advance(5000);
    world.endpoints.answer = () => answered(status, { 'retry-after': '0' });
    const before = world.endpoints.requests.length;
    await world.send('orders', [{ key: 'k', value: 4 }]);
    await world.clock.advance(10_000);
    expect(world.endpoints.requests.length - before).toBeLessThanOrEqual(11);
    expect(taken).toHaveLength(3);
    await world.stop();
  });
});
