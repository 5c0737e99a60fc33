import { describe, expect, it } from 'vitest';
import { createMemoryTopicRegistry } from '../../../../shared/adapters/memory/memory-topic-registry.ts';
import { cachedTopicRegistry } from '../../../../shared/adapters/wrap/cached-topic-registry.ts';
import type { TopicName } from '../../../../shared/contract/ids.ts';
import type { Topic } from '../../../../shared/contract/topic.ts';
import { describeTopicRegistry } from '../../../contracts/topic-registry.contract.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { ACME, topicIdOf } from '../../../support/index-fixtures.ts';

const BOUNDS = { maxAgeMs: 1000, maxEntries: 100 };

describeTopicRegistry('cached', async () => ({
  store: cachedTopicRegistry(createMemoryTopicRegistry(), createFakeClock(), BOUNDS),
  close: async () => undefined,
}));

const TOPIC = { name: 'orders' as TopicName, id: topicIdOf(1), partitions: 1 } as Topic;

describe('cachedTopicRegistry', () => {
  it('sees what another instance wrote when the entry is too old', async () => {
    const [inner, clock] = [createMemoryTopicRegistry(), createFakeClock()];
    const cached = cachedTopicRegistry(inner, clock, BOUNDS);
    expect(await cached.get(ACME, TOPIC.name)).toBeUndefined();
    await inner.create(ACME, TOPIC);
    await clock.advance(999);
    expect(await cached.get(ACME, TOPIC.name)).toBeUndefined();
    await clock.advance(1);
    expect(await cached.get(ACME, TOPIC.name)).toEqual(TOPIC);
  });

  it('reads anew after a write of its own that failed, for it may have happened', async () => {
    const inner = createMemoryTopicRegistry();
    const lossy = {
      ...inner,
      create: async (...args: Parameters<typeof inner.create>): Promise<boolean> => {
        await inner.create(...args);
        throw new Error('the answer was lost');
      },
    };
    const cached = cachedTopicRegistry(lossy, createFakeClock(), BOUNDS);
    await cached.get(ACME, TOPIC.name);
    await expect(cached.create(ACME, TOPIC)).rejects.toThrow('lost');
    expect(await cached.get(ACME, TOPIC.name)).toEqual(TOPIC);
  });
});
