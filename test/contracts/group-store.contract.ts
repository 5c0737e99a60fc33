import { describe, expect } from 'vitest';
import type { GroupName, MemberName, TopicName } from '../../shared/contract/ids.ts';
import type { GroupRef, GroupState, GroupStore, Lease, Member } from '../../shared/ports/group-store.ts';
import { ACME, GLOBEX, topicIdOf } from '../support/index-fixtures.ts';
import { type Check, checksOf, type Open } from './checks.ts';

const BILLING = 'billing' as GroupName;
const NOW = 1_760_000_000_000;

const memberOf = (name: string, generation: number, fields: Partial<Member> = {}): Member => ({
  name: name as MemberName,
  generation,
  topics: ['orders' as TopicName],
  sessionTimeoutMs: 30_000,
  expiresAt: NOW + 30_000,
  ...fields,
});

const leaseOf = (partition: number, fields: Partial<Lease> = {}): Lease => ({
  topic: 'orders' as TopicName,
  topicId: topicIdOf(1),
  partition,
  version: 1,
  owner: { member: 'a' as MemberName, generation: 1 },
  ownership: 1,
  committedOffset: null,
  seeks: 0,
  fenced: false,
  revocation: null,
  ...fields,
});

const create = async (store: GroupStore, name: GroupName = BILLING, tenant = ACME): Promise<GroupRef> => {
  const { incarnation } = await store.drawGeneration(tenant, name, NOW);
  return { name, incarnation };
};

const readIt = async (store: GroupStore, name = BILLING): Promise<GroupState> => {
  const state = await store.read(ACME, name);
  if (state === undefined) throw new Error('There is no such group.');
  return state;
};

const describeGroups = (check: Check<GroupStore>): void => {
  check('makes a group by drawing its first generation', async (store) => {
    expect(await store.read(ACME, BILLING)).toBeUndefined();
    expect(await store.drawGeneration(ACME, BILLING, NOW)).toEqual({ incarnation: NOW, generation: 1 });
    expect(await store.read(ACME, BILLING)).toEqual({ incarnation: NOW, generation: 1, members: [], leases: [] });
  });

  check('draws no generation twice, however many draw at once', async (store) => {
    const drawn = await Promise.all([1, 2, 3, 4, 5].map((at) => store.drawGeneration(ACME, BILLING, NOW + at)));
    expect(drawn.map(({ generation }) => generation).sort()).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(drawn.map(({ incarnation }) => incarnation)).size).toBe(1);
  });

  check('lists the groups of a tenant, page by page', async (store) => {
    for (const name of ['b', 'a', 'B', 'a.x', 'a-x', 'c'] as GroupName[])
      await store.addMember(ACME, await create(store, name), memberOf('m', 1));
    const theirs = await create(store, 'theirs' as GroupName, GLOBEX);
    await store.addMember(GLOBEX, theirs, memberOf('m', 1));
    expect(await store.list(ACME, { limit: 100 })).toEqual(['B', 'a', 'a-x', 'a.x', 'b', 'c']);
    expect(await store.list(ACME, { limit: 2, after: 'a' })).toEqual(['a-x', 'a.x']);
    expect(await store.list(ACME, { limit: 100, prefix: 'a' })).toEqual(['a', 'a-x', 'a.x']);
    expect(await store.list(GLOBEX, { limit: 100 })).toEqual(['theirs']);
  });

  check('removes a group with all that is its own, and makes it again with higher generations', async (store) => {
    const group = await create(store);
    await store.drawGeneration(ACME, BILLING, NOW);
    await store.addMember(ACME, group, memberOf('a', 1));
    await store.writeLease(ACME, group, leaseOf(0));
    expect(await store.remove(ACME, BILLING)).toBe(true);
    expect(await store.remove(ACME, BILLING)).toBe(false);
    expect(await store.read(ACME, BILLING)).toBeUndefined();
    expect(await store.list(ACME, { limit: 10 })).toEqual([]);
    expect(await store.drawGeneration(ACME, BILLING, NOW + 1)).toEqual({ incarnation: NOW + 1, generation: 3 });
    expect(await readIt(store)).toEqual({ incarnation: NOW + 1, generation: 3, members: [], leases: [] });
  });

  check(
    'tells a group from one that was removed in the same millisecond, or by a clock that is ahead',
    async (store) => {
      const old = await create(store);
      await store.remove(ACME, BILLING);
      for (const now of [NOW, NOW - 60_000]) {
        const { incarnation } = await store.drawGeneration(ACME, BILLING, now);
        expect(incarnation).toBeGreaterThan(old.incarnation);
        expect(await store.addMember(ACME, old, memberOf('a', 1))).toBe(false);
        await store.remove(ACME, BILLING);
      }
    },
  );

  // A poll that had read the old group took partitions of the new one, whose committed offsets were lost with that.
  check('keeps a lease of a group that was made again from whoever takes it for the one before', async (store) => {
    const old = await create(store);
    await store.remove(ACME, BILLING);
    const now = { name: BILLING, ...(await store.drawGeneration(ACME, BILLING, NOW + 1)) };
    const lease = leaseOf(0, { committedOffset: 5 });
    expect(await store.writeLease(ACME, now, lease)).toBe(true);
    expect(await store.writeLease(ACME, old, leaseOf(0))).toBe(false);
    expect((await readIt(store)).leases).toEqual([lease]);
  });

  check('shows nobody what was written to a group that was removed', async (store) => {
    const old = await create(store);
    await store.addMember(ACME, old, memberOf('a', 1));
    await store.writeLease(ACME, old, leaseOf(0));
    await store.remove(ACME, BILLING);
    const now = { name: BILLING, ...(await store.drawGeneration(ACME, BILLING, NOW + 1)) };
    await store.addMember(ACME, old, memberOf('b', 1));
    await store.renewMember(ACME, old, memberOf('a', 1, { expiresAt: NOW + 60_000 }));
    await store.writeLease(ACME, old, leaseOf(1));
    await store.writeLease(ACME, old, leaseOf(0, { version: 2 }));
    expect(await readIt(store)).toMatchObject({ members: [], leases: [] });
    expect(await store.writeLease(ACME, now, leaseOf(1, { ownership: 7 }))).toBe(true);
    expect(await store.addMember(ACME, now, memberOf('b', 2))).toBe(true);
    expect(await readIt(store)).toMatchObject({ members: [{ generation: 2 }], leases: [{ ownership: 7 }] });
  });
};

const describeMembers = (check: Check<GroupStore>): void => {
  check('gives a member back as it was added, and adds no name twice', async (store) => {
    const group = await create(store);
    const member = memberOf('a', 1, { topics: ['orders', 'payments'] as TopicName[], sessionTimeoutMs: 600_000 });
    expect(await store.addMember(ACME, group, member)).toBe(true);
    expect(await store.addMember(ACME, group, memberOf('a', 2))).toBe(false);
    expect((await readIt(store)).members).toEqual([member]);
  });

  check('renews a member of its generation and no other', async (store) => {
    const group = await create(store);
    await store.addMember(ACME, group, memberOf('a', 2));
    expect(await store.renewMember(ACME, group, memberOf('a', 1, { expiresAt: NOW + 90_000 }))).toBe(false);
    expect(await store.renewMember(ACME, group, memberOf('b', 2))).toBe(false);
    expect((await readIt(store)).members).toEqual([memberOf('a', 2)]);
    expect(await store.renewMember(ACME, group, memberOf('a', 2, { expiresAt: NOW + 60_000 }))).toBe(true);
    expect((await readIt(store)).members).toEqual([memberOf('a', 2, { expiresAt: NOW + 60_000 })]);
  });

  check('removes a member only as it was seen: one who has just renewed stays', async (store) => {
    const group = await create(store);
    const seen = memberOf('a', 1);
    await store.addMember(ACME, group, seen);
    await store.renewMember(ACME, group, { ...seen, expiresAt: NOW + 60_000 });
    expect(await store.removeMember(ACME, group, seen)).toBe(false);
    expect(await store.removeMember(ACME, group, { ...seen, generation: 2, expiresAt: NOW + 60_000 })).toBe(false);
    expect((await readIt(store)).members).toHaveLength(1);
    expect(await store.removeMember(ACME, group, { ...seen, expiresAt: NOW + 60_000 })).toBe(true);
    expect((await readIt(store)).members).toEqual([]);
  });

  check('lets one of removing and renewing happen', async (store) => {
    const group = await create(store);
    const seen = memberOf('a', 1);
    await store.addMember(ACME, group, seen);
    const renewed = store.renewMember(ACME, group, { ...seen, expiresAt: NOW + 60_000 });
    const both = await Promise.all([renewed, store.removeMember(ACME, group, seen)]);
    expect(both.filter(Boolean)).toHaveLength(1);
    expect((await readIt(store)).members).toHaveLength(both[0] ? 1 : 0);
  });
};

const describeLeases = (check: Check<GroupStore>): void => {
  check('gives a lease back as it was written', async (store) => {
    const group = await create(store);
    const revocation = { receivedOffset: 2 ** 40, deadline: NOW };
    const leases = [
      leaseOf(0, { owner: null, committedOffset: 0 }),
      leaseOf(1023, { seeks: 3, fenced: true, ownership: 12, committedOffset: 2 ** 50, revocation }),
      leaseOf(0, { topic: 'payments' as TopicName, topicId: topicIdOf(2) }),
    ];
    for (const lease of leases) expect(await store.writeLease(ACME, group, lease)).toBe(true);
    const found = (await readIt(store)).leases;
    expect(found).toHaveLength(3);
    for (const lease of leases) expect(found).toContainEqual(lease);
  });

  check('writes a lease only over the version that was seen', async (store) => {
    const group = await create(store);
    expect(await store.writeLease(ACME, group, leaseOf(0, { version: 2 }))).toBe(false);
    expect(await store.writeLease(ACME, group, leaseOf(0))).toBe(true);
    expect(await store.writeLease(ACME, group, leaseOf(0, { owner: null }))).toBe(false);
    expect(await store.writeLease(ACME, group, leaseOf(0, { version: 3 }))).toBe(false);
    expect(await store.writeLease(ACME, group, leaseOf(0, { version: 2, committedOffset: 5 }))).toBe(true);
    expect((await readIt(store)).leases).toEqual([leaseOf(0, { version: 2, committedOffset: 5 })]);
  });

  check('gives a free partition to one of many', async (store) => {
    const group = await create(store);
    const members = ['a', 'b', 'c', 'd'] as MemberName[];
    const takes = members.map((member) => leaseOf(0, { owner: { member, generation: 1 } }));
    const taken = await Promise.all(takes.map((lease) => store.writeLease(ACME, group, lease)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect((await readIt(store)).leases[0]?.owner?.member).toBe(members[taken.indexOf(true)]);
  });

  check('removes a lease only at the version that was seen', async (store) => {
    const group = await create(store);
    await store.writeLease(ACME, group, leaseOf(0));
    await store.writeLease(ACME, group, leaseOf(0, { version: 2 }));
    expect(await store.removeLease(ACME, group, leaseOf(0))).toBe(false);
    expect(await store.removeLease(ACME, group, leaseOf(1))).toBe(false);
    expect(await store.removeLease(ACME, group, leaseOf(0, { version: 2 }))).toBe(true);
    expect((await readIt(store)).leases).toEqual([]);
    expect(await store.writeLease(ACME, group, leaseOf(0))).toBe(true);
  });

  check('reads a group of a thousand leases in one look', async (store) => {
    const group = await create(store);
    const all = Array.from({ length: 1024 }, (_, partition) => leaseOf(partition));
    for (let at = 0; at < all.length; at += 64) {
      await Promise.all(all.slice(at, at + 64).map((lease) => store.writeLease(ACME, group, lease)));
    }
    const found = (await readIt(store)).leases.map(({ partition }) => partition);
    expect(found.sort((a, b) => a - b)).toEqual(all.map(({ partition }) => partition));
  });
};

const describeIsolation = (check: Check<GroupStore>): void => {
  check('keeps groups of one name in two tenants apart', async (store) => {
    const ours = await create(store);
    expect(await store.read(GLOBEX, BILLING)).toBeUndefined();
    const theirs = await create(store, BILLING, GLOBEX);
    await store.addMember(ACME, ours, memberOf('a', 1));
    await store.writeLease(ACME, ours, leaseOf(0));
    expect(await store.read(GLOBEX, BILLING)).toMatchObject({ members: [], leases: [] });
    expect(await store.renewMember(GLOBEX, theirs, memberOf('a', 1))).toBe(false);
    await store.remove(GLOBEX, BILLING);
    expect(await readIt(store)).toMatchObject({ members: [{ name: 'a' }], leases: [{ partition: 0 }] });
  });

  check('keeps groups apart whose names begin alike', async (store) => {
    const [short, long] = [await create(store), await create(store, 'billing-2' as GroupName)];
    await store.addMember(ACME, short, memberOf('a', 1));
    await store.addMember(ACME, long, memberOf('b', 1));
    await store.writeLease(ACME, long, leaseOf(4));
    expect(await readIt(store)).toMatchObject({ members: [{ name: 'a' }], leases: [] });
    await store.remove(ACME, BILLING);
    expect(await readIt(store, 'billing-2' as GroupName)).toMatchObject({ members: [{ name: 'b' }], leases: [{}] });
  });
};

export const describeGroupStore = (name: string, open: Open<GroupStore>): void => {
  describe(`the group store: ${name}`, () => {
    const check = checksOf(open, ['read', 'list']);
    describeGroups(check);
    describeMembers(check);
    describeLeases(check);
    describeIsolation(check);
  });
};
