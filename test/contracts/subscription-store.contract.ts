import { describe, expect } from 'vitest';
import type { SubscriptionId, TopicName } from '../../shared/contract/ids.ts';
import type { Attempt, Delivery, Subscription, SubscriptionStore } from '../../shared/ports/subscription-store.ts';
import { ACME, GLOBEX, topicIdOf } from '../support/index-fixtures.ts';
import { type Check, checksOf, type Open } from './checks.ts';

const uidOf = (n: number): string => `00000000-0000-7000-9000-${String(n).padStart(12, '0')}`;

const subscriptionOf = (id: string, n = 1, fields: Partial<Subscription> = {}): Subscription => ({
  id: id as SubscriptionId,
  uid: uidOf(n),
  revision: 1,
  topic: 'orders' as TopicName,
  topicId: topicIdOf(1),
  endpoint: { url: 'https://hooks.example.com/a', headers: { 'X-Key': 'k' } },
  from: 'latest',
  format: 'cloudevents',
  retry: { scheduleMs: [0, 5000], jitter: true, timeoutMs: 15_000 },
  maxInFlight: 1,
  status: 'active',
  secrets: [{ sealed: 'c2VhbGVk' }],
  epoch: 1,
  startOffsets: [7, 0],
  forgivenAt: 1000,
  createdAt: '2025-10-09T08:53:20.000Z',
  updatedAt: '2025-10-09T08:53:20.000Z',
  ...fields,
});

const DELIVERY: Delivery = {
  epoch: 1,
  committedOffset: 12,
  done: [[14, 15]],
  retries: [{ from: 12, to: 13, attempts: 2, failedAt: 1500, nextTryAt: 9000 }],
  failingSince: 1400,
};

const attemptOf = (n: number, fields: Partial<Attempt> = {}): Attempt => ({
  id: `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
  time: 1_760_000_000_000 + n,
  partition: 0,
  offset: n,
  lastOffset: n,
  attempt: 1,
  outcome: 'delivered',
  webhookId: `t.0.${n}`,
  status: 200,
  error: null,
  durationMs: 3,
  response: '',
  nextTryAt: null,
  ...fields,
});

const REF = { uid: uidOf(1), partition: 3 };
const lease = (owner: string, expiresAt: number) => ({ owner, expiresAt });
const NOW = 1_760_000_100_000;

const describeWrites = (check: Check<SubscriptionStore>): void => {
  check('gives a subscription back as it was created, to its own tenant', async (store) => {
    const made = subscriptionOf('push', 1, { filter: { exact: { key: 'k' } }, rateLimit: 0.5 });
    expect(await store.create(ACME, made)).toBe(true);
    expect(await store.get(ACME, made.id)).toEqual(made);
    expect(await store.get(GLOBEX, made.id)).toBeUndefined();
    expect(await store.pageOfAll({ limit: 10 })).toEqual({ found: [{ tenant: ACME, subscription: made }] });
  });

  check('creates no id twice in one tenant', async (store) => {
    const ids = await Promise.all([1, 2, 3].map((n) => store.create(ACME, subscriptionOf('push', n))));
    expect(ids.filter(Boolean)).toHaveLength(1);
    expect(await store.create(GLOBEX, subscriptionOf('push', 9))).toBe(true);
    expect((await store.pageOfAll({ limit: 10 })).found).toHaveLength(2);
  });

  check('shows the workers all of all tenants, page by page, each once', async (store) => {
    for (const [n, id] of ['b', 'a', 'c', 'a-b'].entries()) await store.create(ACME, subscriptionOf(id, n + 1));
    for (const [n, id] of ['a', 'd'].entries()) await store.create(GLOBEX, subscriptionOf(id, n + 10));
    for (const limit of [1, 2, 4, 6, 7]) {
      const found: string[] = [];
      let after: string | undefined;
      do {
        const page = await store.pageOfAll({ after, limit });
        expect(page.found.length).toBeLessThanOrEqual(limit);
        found.push(...page.found.map(({ tenant, subscription }) => `${tenant}/${subscription.id}`));
        after = page.next;
      } while (after !== undefined);
      expect(found.sort()).toEqual(['acme/a', 'acme/a-b', 'acme/b', 'acme/c', 'globex/a', 'globex/d']);
    }
  });

  check('shows the workers those to a topic, as the topic that they are to changes', async (store) => {
    const [here, there] = [subscriptionOf('here', 1), subscriptionOf('there', 2, { topicId: topicIdOf(2) })];
    for (const made of [here, there]) await store.create(ACME, made);
    const ids = async (n: number, tenant = ACME): Promise<string[]> =>
      (await store.ofTopic(tenant, topicIdOf(n))).map(({ id }) => id).sort();
    expect([await ids(1), await ids(2), await ids(3), await ids(1, GLOBEX)]).toEqual([['here'], ['there'], [], []]);
    const moved = { ...there, revision: 2, topicId: topicIdOf(1), epoch: 2 };
    expect(await store.replace(ACME, there, moved)).toBe(true);
    expect(await store.ofTopic(ACME, topicIdOf(1))).toContainEqual(moved);
    expect([await ids(1), await ids(2)]).toEqual([['here', 'there'], []]);
    expect(await store.replace(ACME, here, { ...here, revision: 2, status: 'paused' })).toBe(true);
    await store.remove(ACME, moved);
    expect([await ids(1), await ids(2)]).toEqual([['here'], []]);
  });

  check('replaces the revision that was seen, and no other', async (store) => {
    const seen = subscriptionOf('push');
    await store.create(ACME, seen);
    const next = { ...seen, revision: 2, status: 'paused' as const };
    expect(await store.replace(ACME, seen, next)).toBe(true);
    expect(await store.replace(ACME, seen, { ...seen, revision: 2 })).toBe(false);
    expect(await store.replace(GLOBEX, next, { ...next, revision: 3 })).toBe(false);
    expect(await store.replace(ACME, { ...next, uid: uidOf(2) }, { ...next, revision: 3 })).toBe(false);
    expect(await store.get(ACME, seen.id)).toEqual(next);
  });

  check('lists in the order of the ids, page by page', async (store) => {
    for (const [n, id] of ['b', 'a', 'c', 'B'].entries()) await store.create(ACME, subscriptionOf(id, n + 1));
    const ids = async (page: object): Promise<string[]> =>
      (await store.list(ACME, { limit: 2, ...page })).map(({ id }) => id);
    expect(await ids({})).toEqual(['B', 'a']);
    expect(await ids({ after: 'a' })).toEqual(['b', 'c']);
    expect(await ids({ after: 'c' })).toEqual([]);
  });

  check('removes with all that belongs to it, and only the one that was meant', async (store) => {
    const made = subscriptionOf('push');
    await store.create(ACME, made);
    await store.acquire(ACME, REF, lease('w', NOW + 1000), NOW);
    await store.save(ACME, REF, lease('w', NOW + 1000), DELIVERY);
    await store.addAttempts(ACME, made.uid, [attemptOf(1)], NOW);
    expect(await store.remove(ACME, { ...made, uid: uidOf(2) })).toBe(false);
    expect(await store.remove(GLOBEX, made)).toBe(false);
    expect(await store.remove(ACME, made)).toBe(true);
    expect(await store.remove(ACME, made)).toBe(false);
    expect(await store.get(ACME, made.id)).toBeUndefined();
    expect(await store.save(ACME, REF, lease('w', NOW + 2000), DELIVERY)).toBe(false);
    expect((await store.deliveries(ACME, made.uid)).size).toBe(0);
    expect(await store.attempts(ACME, made.uid, { limit: 10 })).toEqual([]);
  });
};

const describeLeases = (check: Check<SubscriptionStore>): void => {
  check('gives a lease to one of many, and what was saved to the next', async (store) => {
    await store.create(ACME, subscriptionOf('push'));
    const race = await Promise.all(
      ['a', 'b', 'c'].map((owner) => store.acquire(ACME, REF, lease(owner, NOW + 1000), NOW)),
    );
    expect(race.filter(({ kind }) => kind === 'acquired')).toEqual([{ kind: 'acquired', delivery: undefined }]);
    expect(race.filter(({ kind }) => kind === 'held')).toEqual(
      [1, 2].map(() => ({ kind: 'held', expiresAt: NOW + 1000 })),
    );
    const owner = 'abc'[race.findIndex(({ kind }) => kind === 'acquired')]!;
    expect(await store.save(ACME, REF, lease(owner, NOW + 5000), DELIVERY)).toBe(true);
    expect(await store.save(ACME, REF, lease('z', NOW + 5000), { ...DELIVERY, committedOffset: 99 })).toBe(false);
    expect(await store.acquire(ACME, REF, lease('d', NOW + 9000), NOW + 5000)).toEqual({
      kind: 'acquired',
      delivery: DELIVERY,
    });
    expect(await store.save(ACME, REF, lease(owner, NOW + 9999), DELIVERY)).toBe(false);
  });

  check('prolongs its own lease and gives it free', async (store) => {
    await store.create(ACME, subscriptionOf('push'));
    expect(await store.acquire(ACME, REF, lease('a', NOW + 10), NOW)).toMatchObject({ kind: 'acquired' });
    expect(await store.acquire(ACME, REF, lease('a', NOW + 90), NOW + 5)).toMatchObject({ kind: 'acquired' });
    expect(await store.acquire(ACME, REF, lease('b', NOW + 99), NOW + 50)).toEqual({
      kind: 'held',
      expiresAt: NOW + 90,
    });
    await store.release(ACME, REF, 'b');
    expect(await store.acquire(ACME, REF, lease('b', NOW + 99), NOW + 50)).toMatchObject({ kind: 'held' });
    await store.release(ACME, REF, 'a');
    expect(await store.acquire(ACME, REF, lease('b', NOW + 99), NOW + 50)).toMatchObject({ kind: 'acquired' });
  });

  check('tells partitions, subscriptions and tenants apart', async (store) => {
    await store.create(ACME, subscriptionOf('push', 1));
    await store.create(ACME, subscriptionOf('other', 2));
    await store.acquire(ACME, REF, lease('a', NOW + 1000), NOW);
    await store.save(ACME, REF, lease('a', NOW + 1000), DELIVERY);
    expect(await store.acquire(ACME, { ...REF, partition: 2 }, lease('b', NOW + 9), NOW)).toMatchObject({
      kind: 'acquired',
      delivery: undefined,
    });
    expect(await store.deliveries(ACME, uidOf(1))).toEqual(new Map([[3, DELIVERY]]));
    expect((await store.deliveries(ACME, uidOf(2))).size).toBe(0);
    expect((await store.deliveries(GLOBEX, uidOf(1))).size).toBe(0);
  });
};

const describeAttempts = (check: Check<SubscriptionStore>): void => {
  check('keeps the last hundred tries and the failures, and shows the newest first', async (store) => {
    await store.create(ACME, subscriptionOf('push'));
    const old = attemptOf(1, { outcome: 'failed', status: 500, time: NOW - 8 * 86_400_000 });
    const failed = attemptOf(2, { outcome: 'failed', status: null, error: 'no answer', nextTryAt: NOW });
    await store.addAttempts(ACME, uidOf(1), [old, failed], NOW - 8 * 86_400_000);
    for (let n = 0; n < 3; n++) {
      const more = Array.from({ length: 50 }, (_, at) => attemptOf(100 + n * 50 + at));
      await store.addAttempts(ACME, uidOf(1), more, NOW);
    }
    const all = await store.attempts(ACME, uidOf(1), { limit: 1000 });
    expect(all.slice(0, 100).map(({ offset }) => offset)).toEqual(Array.from({ length: 100 }, (_, at) => 249 - at));
    expect(all.find(({ id }) => id === failed.id)).toEqual(failed);
    const page = await store.attempts(ACME, uidOf(1), { before: all[9]!.id, limit: 10 });
    expect(page).toEqual(all.slice(10, 20));
    expect(await store.attempts(ACME, uidOf(2), { limit: 10 })).toEqual([]);
    expect(await store.attempts(GLOBEX, uidOf(1), { limit: 10 })).toEqual([]);
  });
};

/** The laws of the subscription store, on any adapter. Leases may end with the process, so that they are never asked for behind a reopening. */
export const describeSubscriptionStore = (name: string, open: Open<SubscriptionStore>): void => {
  describe(`SubscriptionStore (${name})`, () => {
    const check = checksOf(open, ['get', 'list', 'ofTopic', 'pageOfAll', 'deliveries', 'attempts']);
    describeWrites(check);
    describeLeases(checksOf(open, ['deliveries']));
    describeAttempts(check);
  });
};
