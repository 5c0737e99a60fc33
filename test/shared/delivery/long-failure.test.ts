import { describe, expect, it } from 'vitest';
import type { SubscriptionId } from '../../../shared/contract/ids.ts';
import { standingOf } from '../../../shared/delivery/standing.ts';
import { answered } from '../../support/fake-endpoints.ts';
import { PushWorld } from '../../support/push-world.ts';

const DAY_MS = 86_400_000;
const ID = 'push' as SubscriptionId;
const STEP_MS = 60_000;

const prepare = async () => {
  const world = new PushWorld();
  const times: number[] = [];
  const endpoint = { status: 500 };
  world.endpoints.answer = () => {
    times.push(world.clock.now());
    return answered(endpoint.status);
  };
  await world.topic('orders');
  await world.subscribe(ID, { topic: 'orders', endpoint: { url: 'https://hooks.example.com/' } });
  await world.work();
  await world.send('orders', [{ key: 'k', value: 1 }]);
  const startedAt = world.clock.now();
  const standing = async () => {
    const stored = await world.service.subscriptions.get(world.tenant, ID);
    return standingOf(world.service, world.tenant, stored!);
  };
  return { world, times, endpoint, startedAt, standing };
};

describe('an endpoint that fails for five days', () => {
  it('is failing at once, and paused then, whoever works in between, and gets the same record on resume', async () => {
    const { world, times, endpoint, startedAt, standing } = await prepare();
    await world.until(() => times.length === 2);
    expect(await standing()).toMatchObject({ status: 'failing', reason: expect.stringContaining('failing since') });
    await world.until(() => world.clock.now() >= startedAt + 3 * DAY_MS, STEP_MS, 4 * DAY_MS);
    await world.stop();
    await world.work();
    await world.until(() => world.clock.now() >= startedAt + 4.9 * DAY_MS, STEP_MS, 4 * DAY_MS);
    expect(await standing()).toMatchObject({ status: 'failing' });
    await world.until(() => world.clock.now() >= startedAt + 5.6 * DAY_MS, STEP_MS, DAY_MS);
    expect(await standing()).toEqual({ status: 'paused', reason: 'The endpoint has failed for five days.' });
    expect(times.at(-1)! - times[0]!).toBeGreaterThanOrEqual(5 * DAY_MS);
    endpoint.status = 200;
    const failures = times.length;
    await world.resume(ID);
    await world.until(() => times.length > failures, 10);
    expect(await standing()).toEqual({ status: 'active', reason: undefined });
    expect(new Set(world.endpoints.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    await world.stop();
  });
});
