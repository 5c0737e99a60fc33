import { describe, expect, it } from 'vitest';
import type { SubscriptionId, TopicName } from '../../../shared/contract/ids.ts';
import { listAttempts } from '../../../shared/delivery/subscriptions.ts';
import { deleteTopic } from '../../../shared/tenancy/topics.ts';
import { answered } from '../../support/fake-endpoints.ts';
import { fetchAll } from '../../support/fetch-all.ts';
import { PushWorld } from '../../support/push-world.ts';

const ID = 'push' as SubscriptionId;

describe('a dead-letter topic that is not there any more', () => {
  it('pauses the subscription, which says so, and the record is kept', async () => {
    const world = new PushWorld();
    world.endpoints.answer = () => answered(422);
    await world.topic('orders');
    await world.topic('dead');
    const endpoint = { url: 'https://hooks.example.com/' };
    const retry = { maxAttempts: 2, scheduleMs: [0, 100] };
    await world.subscribe(ID, { topic: 'orders', from: 'earliest', endpoint, retry, deadLetterTopic: 'dead' });
    await deleteTopic(world.service, world.tenant, 'dead' as TopicName);
    await world.send('orders', [{ key: 'k', value: 1 }]);
    await world.work();
    await world.until(() => world.endpoints.requests.length === 2);
    await world.clock.advance(200_000);
    expect(world.endpoints.requests).toHaveLength(2);
    const stored = await world.service.subscriptions.get(world.tenant, ID);
    expect(stored).toMatchObject({ status: 'paused', statusReason: 'The dead-letter topic was deleted.' });
    const { items } = await listAttempts(world.service, world.caller, ID, { limit: 10 });
    expect(items.map(({ outcome, nextTryAt }) => [outcome, nextTryAt])).toEqual([
      ['failed', null],
      ['failed', expect.any(Number)],
    ]);

    await world.topic('dead');
    await world.resume(ID);
    await world.until(() => world.endpoints.requests.length === 4);
    await world.clock.advance(1000);
    expect((await fetchAll(world, 'dead')).map(({ value }) => value)).toEqual([1]);
    await world.stop();
  });
});
