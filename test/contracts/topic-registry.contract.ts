import { describe, expect } from 'vitest';
import type { TopicName } from '../../shared/contract/ids.ts';
import type { Topic } from '../../shared/contract/topic.ts';
import type { NamePage, TopicRegistry } from '../../shared/ports/topic-registry.ts';
import { ACME, GLOBEX, topicIdOf } from '../support/index-fixtures.ts';
import { type Check, checksOf, type Open } from './checks.ts';

const topicOf = (name: string, id = 1, fields: Partial<Topic> = {}): Topic => ({
  name: name as TopicName,
  id: topicIdOf(id),
  partitions: 6,
  retentionMs: 604_800_000,
  retentionBytes: -1,
  cleanupPolicy: 'delete',
  replicationFactor: 1,
  writeQuorum: 1,
  createdAt: '2025-10-09T08:53:20.000Z',
  ...fields,
});

const names = async (store: TopicRegistry, page: Partial<NamePage>, tenant = ACME): Promise<string[]> =>
  (await store.list(tenant, { limit: 100, ...page })).map(({ name }) => name);

const createAll = async (store: TopicRegistry, all: readonly string[]): Promise<void> => {
  for (const [at, name] of all.entries()) await store.create(ACME, topicOf(name, at + 1));
};

const describeWrites = (check: Check<TopicRegistry>): void => {
  check('gives a topic back as it was created', async (store) => {
    const topic = topicOf('orders', 1, { retentionMs: -1, retentionBytes: 2 ** 40, partitions: 1024 });
    expect(await store.get(ACME, topic.name)).toBeUndefined();
    expect(await store.create(ACME, topic)).toBe(true);
    expect(await store.get(ACME, topic.name)).toEqual(topic);
  });

  check('creates no name twice', async (store) => {
    const topic = topicOf('orders');
    await store.create(ACME, topic);
    expect(await store.create(ACME, topicOf('orders', 2))).toBe(false);
    expect(await store.get(ACME, topic.name)).toEqual(topic);
  });

  check('lets one of many create a name', async (store) => {
    const race = await Promise.all([1, 2, 3, 4].map((id) => store.create(ACME, topicOf('orders', id))));
    expect(race.filter(Boolean)).toHaveLength(1);
    expect((await store.get(ACME, 'orders' as TopicName))?.id).toBe(topicIdOf(race.indexOf(true) + 1));
  });

  check('tells names apart that differ in case, or begin alike', async (store) => {
    await createAll(store, ['orders', 'Orders', 'orders2', 'orders.', 'order']);
    expect((await store.get(ACME, 'Orders' as TopicName))?.id).toBe(topicIdOf(2));
    expect(await store.get(ACME, 'orders3' as TopicName)).toBeUndefined();
  });

  check('replaces what was seen, and nothing else', async (store) => {
    const seen = topicOf('orders');
    await store.create(ACME, seen);
    const next = { ...seen, partitions: 12 };
    expect(await store.replace(ACME, structuredClone(seen), next)).toBe(true);
    expect(await store.get(ACME, seen.name)).toEqual(next);
    expect(await store.replace(ACME, seen, { ...seen, partitions: 24 })).toBe(false);
    expect(await store.replace(ACME, { ...next, retentionMs: 1 }, seen)).toBe(false);
    expect(await store.get(ACME, seen.name)).toEqual(next);
  });

  check('lets one of many replace what all of them saw', async (store) => {
    const seen = topicOf('orders');
    await store.create(ACME, seen);
    const race = [7, 8, 9].map((partitions) => store.replace(ACME, seen, { ...seen, partitions }));
    const won = await Promise.all(race);
    expect(won.filter(Boolean)).toHaveLength(1);
    expect((await store.get(ACME, seen.name))?.partitions).toBe(7 + won.indexOf(true));
  });

  check('replaces nothing that is not there', async (store) => {
    const topic = topicOf('orders');
    expect(await store.replace(ACME, topic, { ...topic, partitions: 7 })).toBe(false);
    expect(await store.get(ACME, topic.name)).toBeUndefined();
  });

  check('removes a topic that is as it was seen, and no other', async (store) => {
    const topic = topicOf('orders');
    expect(await store.remove(ACME, topic)).toBe(false);
    await store.create(ACME, topic);
    expect(await store.remove(ACME, topicOf('orders', 2))).toBe(false);
    expect(await store.get(ACME, topic.name)).toEqual(topic);
    expect(await store.remove(ACME, { ...topic, partitions: topic.partitions + 1 })).toBe(false);
    expect(await store.remove(ACME, { ...topic })).toBe(true);
    expect(await store.get(ACME, topic.name)).toBeUndefined();
    expect(await store.remove(ACME, topic)).toBe(false);
    expect(await store.create(ACME, topicOf('orders', 2))).toBe(true);
  });

  check('keeps tenants apart', async (store) => {
    const [ours, theirs] = [topicOf('orders', 1), topicOf('orders', 2)];
    await store.create(ACME, ours);
    expect(await store.get(GLOBEX, ours.name)).toBeUndefined();
    expect(await store.replace(GLOBEX, ours, theirs)).toBe(false);
    expect(await store.remove(GLOBEX, ours)).toBe(false);
    expect(await store.create(GLOBEX, theirs)).toBe(true);
    expect(await store.get(ACME, ours.name)).toEqual(ours);
    expect(await names(store, {}, GLOBEX)).toEqual(['orders']);
  });
};

const describeLists = (check: Check<TopicRegistry>): void => {
  check('lists in the order of the bytes', async (store) => {
    await createAll(store, ['b', 'a', 'B', 'a.b', 'a-b', 'a_b', 'ab', '0', 'a'.repeat(128)]);
    const sorted = ['0', 'B', 'a', 'a-b', 'a.b', 'a_b', 'a'.repeat(128), 'ab', 'b'];
    expect(await names(store, {})).toEqual(sorted);
    expect(await names(store, {}, GLOBEX)).toEqual([]);
  });

  check('lists by prefix, behind a name and up to a limit', async (store) => {
    await createAll(store, ['logs', 'logs.a', 'logs.b', 'logs.c', 'logs0', 'log', 'metrics']);
    expect(await names(store, { prefix: 'logs' })).toEqual(['logs', 'logs.a', 'logs.b', 'logs.c', 'logs0']);
    expect(await names(store, { prefix: 'logs.', limit: 2 })).toEqual(['logs.a', 'logs.b']);
    expect(await names(store, { prefix: 'logs.', after: 'logs.b' })).toEqual(['logs.c']);
    expect(await names(store, { after: 'logs' })).toEqual(['logs.a', 'logs.b', 'logs.c', 'logs0', 'metrics']);
    expect(await names(store, { after: 'logs.bb', limit: 1 })).toEqual(['logs.c']);
    expect(await names(store, { prefix: 'logs.', after: 'm' })).toEqual([]);
    expect(await names(store, { prefix: 'logs.', after: 'a' })).toEqual(['logs.a', 'logs.b', 'logs.c']);
    expect(await names(store, { prefix: 'x' })).toEqual([]);
  });

  check('pages through everything once', async (store) => {
    const all = Array.from({ length: 25 }, (_, at) => `topic-${String(at).padStart(2, '0')}`);
    await createAll(store, all);
    const seen: string[] = [];
    let page = await names(store, { limit: 7 });
    while (page.length > 0 && seen.length < all.length) {
      seen.push(...page);
      page = await names(store, { limit: 7, after: page.at(-1)! });
    }
    expect(page).toEqual([]);
    expect(seen).toEqual(all);
  });

  check('lists topics as they now are', async (store) => {
    await createAll(store, ['a', 'b', 'c']);
    await store.replace(ACME, topicOf('b', 2), topicOf('b', 2, { partitions: 9 }));
    await store.remove(ACME, topicOf('a', 1));
    const listed = await store.list(ACME, { limit: 10 });
    expect(listed).toEqual([topicOf('b', 2, { partitions: 9 }), topicOf('c', 3)]);
  });
};

export const describeTopicRegistry = (name: string, open: Open<TopicRegistry>): void => {
  const check = checksOf(open, ['get', 'list']);
  describe(`${name}: topic registry`, () => {
    describe('create, replace, remove', () => describeWrites(check));
    describe('list', () => describeLists(check));
  });
};
