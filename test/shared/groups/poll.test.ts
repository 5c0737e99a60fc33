import { describe, expect, it } from 'vitest';
import type { TopicName } from '../../../shared/contract/ids.ts';
import { deleteGroup } from '../../../shared/groups/delete-group.ts';
import { deleteTopic, patchTopic, putTopic } from '../../../shared/tenancy/topics.ts';
import { BILLING, groupUnderTest, ORDERS, partitionsOf, SESSION_MS } from '../../support/group-under-test.ts';
import { ACME, refOf } from '../../support/index-fixtures.ts';

const refusal = (code: string, extra: object = {}) =>
  expect.objectContaining({ code, extra: expect.objectContaining(extra) });

describe('a poll', () => {
  it('joins, takes every partition and reads each in order', async () => {
    const { member, fill } = await groupUnderTest(3);
    await fill(0, 2);
    await fill(2, 1);
    const given = await member('a').poll();
    expect(given).toMatchObject({ generation: 1, revoking: [], skipped: [] });
    expect(partitionsOf(given.assignment)).toEqual([0, 1, 2]);
    expect([...given.records].sort()).toEqual(['0:0', '0:1', '2:0']);
  });

  it('goes on behind the answer that its cursor is of, and without one at the committed offsets', async () => {
    const { member, fill } = await groupUnderTest(1);
    await fill(0, 6);
    const a = member('a');
    const bounds = { records: 2, bytes: 1_000_000 };
    expect((await a.poll({ bounds })).records).toEqual(['0:0', '0:1']);
    await a.commit();
    expect((await a.poll({ bounds })).records).toEqual(['0:2', '0:3']);
    expect((await a.ask({ bounds })).records).toEqual(['0:2', '0:3']);
    expect((await a.poll({ bounds })).records).toEqual(['0:4', '0:5']);
  });

  it('loses nothing when its answer is lost', async () => {
    const { member, fill } = await groupUnderTest(2);
    await fill(0, 3);
    const a = member('a');
    await a.ask();
    const first = await a.poll();
    expect(first.records).toEqual(['0:0', '0:1', '0:2']);
    await fill(1, 1);
    const lost = await a.ask({ cursor: first.cursor });
    expect(lost.records).toEqual(['1:0']);
    expect((await a.poll()).records).toEqual(['1:0']);
    expect((await a.poll()).records).toEqual([]);
  });

  it('begins at the end where it says so, and keeps that place though its answer is lost', async () => {
    const { member, fill } = await groupUnderTest(1);
    await fill(0, 3);
    const a = member('a');
    await a.ask({ from: 'latest' });
    await fill(0, 2);
    expect((await a.poll({ from: 'latest' })).records).toEqual(['0:3', '0:4']);
  });

  it('commits what the cursor shows was received, and nothing more, if asked to', async () => {
    const { member, fill, describe } = await groupUnderTest(1);
    await fill(0, 3);
    const a = member('a');
    await a.poll({ autoCommit: true });
    expect((await describe()).partitions[0]).toMatchObject({ committedOffset: null, lag: 3 });
    await a.poll({ autoCommit: true });
    expect((await describe()).partitions[0]).toMatchObject({ committedOffset: 3, lag: 0 });
  });

  it('reads on at the log start where it has passed the committed offset, and says what it skipped', async () => {
    const { member, fill, log } = await groupUnderTest(1);
    await fill(0, 5);
    const a = member('a');
    await a.poll({ bounds: { records: 1, bytes: 1000 } });
    await a.commit();
    await log.ports.offsets.trim(ACME, refOf(0, log.topic.id), 4);
    const skipped = [{ topic: 'orders', partition: 0, from: 1, to: 4 }];
    expect(await a.ask()).toMatchObject({ records: ['0:4'], skipped });
    expect(await a.poll()).toMatchObject({ records: ['0:4'], skipped });
    expect((await a.poll()).skipped).toEqual([]);
  });

  it('refuses a cursor of another group, and one that is ahead of the log', async () => {
    const { member, fill } = await groupUnderTest(1);
    await fill(0, 1);
    const a = member('a');
    await a.poll();
    await expect(a.ask({ cursor: `${a.last?.cursor.slice(1)}A` })).rejects.toThrow(refusal('invalid_cursor'));
    await expect(a.ask({ cursor: '' })).rejects.toThrow(refusal('invalid_cursor'));
  });
});

describe('a group that is balanced anew', () => {
  it('moves half to a second member once what was received is committed, and repeats nothing', async () => {
    const { member, fill } = await groupUnderTest(4);
    for (const partition of [0, 1, 2, 3]) await fill(partition, 2);
    const [a, b] = [member('a'), member('b')];
    expect((await a.poll()).records).toHaveLength(8);
    expect(await b.poll()).toMatchObject({ generation: 2, assignment: [], records: [] });
    await fill(3, 1);
    const moving = await a.poll();
    expect(partitionsOf(moving.assignment)).toEqual([0, 1, 2, 3]);
    expect(partitionsOf(moving.revoking)).toEqual([2, 3]);
    expect(moving.records).toEqual([]);
    await a.commit();
    const got = await b.poll();
    expect(partitionsOf(got.assignment)).toEqual([2, 3]);
    expect(got.records).toEqual(['3:2']);
    const left = await a.poll();
    expect([partitionsOf(left.assignment), left.revoking]).toEqual([[0, 1], []]);
  });

  it('hands over at the commit itself, even before the owner has heard of it, when nothing more can have been received', async () => {
    const { member, fill } = await groupUnderTest(2);
    await fill(0, 1);
    await fill(1, 1);
    const [a, b] = [member('a'), member('b')];
    await a.poll();
    await b.poll();
    await a.commit();
    expect(partitionsOf((await b.poll()).assignment)).toEqual([1]);
  });

  it('moves a partition one session time-out later at most, though nothing of it is committed', async () => {
    const { member, fill, log } = await groupUnderTest(2);
    await fill(1, 3);
    const [a, b] = [member('a'), member('b')];
    await a.poll();
    await b.poll();
    const second = await a.poll();
    expect(partitionsOf(second.revoking)).toEqual([1]);
    for (let step = 0; step < 4; step += 1) {
      await log.ports.clock.advance(SESSION_MS / 4 - 1);
      expect(partitionsOf((await a.ask({ cursor: second.cursor })).revoking)).toEqual([1]);
      expect((await b.poll()).assignment).toEqual([]);
    }
    await log.ports.clock.advance(4);
    expect(partitionsOf((await a.poll()).assignment)).toEqual([0]);
    expect(await b.poll()).toMatchObject({ records: ['1:0', '1:1', '1:2'] });
    await expect(a.commit([{ topic: ORDERS, partition: 1, offset: 3 }])).rejects.toThrow(
      refusal('fenced', { generation: 1, assignment: [{ topic: 'orders', partition: 0 }] }),
    );
  });

  it('gives back at once what it has received nothing of', async () => {
    const { member } = await groupUnderTest(4);
    const [a, b] = [member('a'), member('b')];
    await a.poll();
    await b.poll();
    expect(await a.poll()).toMatchObject({ assignment: [{ partition: 0 }, { partition: 1 }], revoking: [] });
    expect(partitionsOf((await b.poll()).assignment)).toEqual([2, 3]);
  });

  it('gives what a member had that left to the others, at their next poll', async () => {
    const { member, fill } = await groupUnderTest(2);
    await fill(0, 2);
    const [a, b] = [member('a'), member('b')];
    await a.poll();
    await a.leave();
    expect(await b.poll()).toMatchObject({ generation: 2, records: ['0:0', '0:1'] });
    await expect(a.commit()).rejects.toThrow(refusal('fenced', { assignment: [] }));
  });

  it('declares dead who was not heard of for a session, fences it, and takes it back with a higher generation', async () => {
    const { member, fill, log } = await groupUnderTest(2);
    await fill(0, 2);
    const [a, b] = [member('a'), member('b')];
    await a.poll();
    await log.ports.clock.advance(SESSION_MS);
    expect(await b.poll()).toMatchObject({ generation: 2, records: ['0:0', '0:1'] });
    await expect(a.commit()).rejects.toThrow(refusal('fenced', { generation: 2, assignment: [] }));
    await expect(a.heartbeat()).rejects.toThrow(refusal('fenced', { generation: 2 }));
    await b.commit();
    expect(await a.poll()).toMatchObject({ generation: 3, assignment: [], records: [] });
    await b.poll();
    const back = await a.poll();
    expect(partitionsOf(back.assignment)).toEqual([1]);
  });

  it('lets a member go on that was late, but that nobody has declared dead', async () => {
    const { member, fill, log } = await groupUnderTest(1);
    await fill(0, 2);
    const a = member('a');
    await a.poll();
    await log.ports.clock.advance(10 * SESSION_MS);
    expect(await a.commit()).toEqual([{ topic: 'orders', partition: 0, offset: 2 }]);
    expect(await a.poll()).toMatchObject({ generation: 1, records: [] });
  });

  it('keeps the session that a member has said once', async () => {
    const { member, log } = await groupUnderTest(1);
    const [a, b] = [member('a'), member('b')];
    await a.poll({ sessionTimeoutMs: 3000 });
    await a.poll({ sessionTimeoutMs: undefined });
    await log.ports.clock.advance(3000);
    expect(partitionsOf((await b.poll({ sessionTimeoutMs: undefined })).assignment)).toEqual([0]);
    await log.ports.clock.advance(29_999);
    expect((await a.poll()).assignment).toEqual([]);
  });

  it('keeps a member alive by heartbeats', async () => {
    const { member, log } = await groupUnderTest(1);
    const [a, b] = [member('a'), member('b')];
    await a.poll();
    for (let step = 0; step < 10; step += 1) {
      await log.ports.clock.advance(SESSION_MS / 2);
      await a.heartbeat();
      expect((await b.poll()).assignment).toEqual([]);
    }
  });
});

describe('topics that come, grow and go', () => {
  it('takes a topic that does not exist yet when it does', async () => {
    const { member, log } = await groupUnderTest(1);
    const a = member('a');
    const topics = ['later' as TopicName];
    expect((await a.poll({ topics })).assignment).toEqual([]);
    await putTopic(log.ports, ACME, 'later' as TopicName, { partitions: 2 });
    expect(await a.poll({ topics })).toMatchObject({ assignment: [{ topic: 'later' }, { topic: 'later' }] });
  });

  it('takes the partitions that a topic has grown', async () => {
    const { member, log } = await groupUnderTest(1);
    const [a, b] = [member('a'), member('b')];
    await a.poll();
    await b.poll();
    await patchTopic(log.ports, ACME, ORDERS, { partitions: 4 });
    const [first, second] = [await a.poll(), await b.poll()];
    expect(partitionsOf(first.assignment)).toHaveLength(2);
    expect(partitionsOf(second.assignment)).toHaveLength(2);
  });

  it('forgets a topic that was deleted, and begins anew where it was made again', async () => {
    const { member, fill, log, describe } = await groupUnderTest(2);
    await fill(0, 3);
    const a = member('a');
    await a.poll();
    await a.commit();
    await deleteTopic(log.ports, ACME, ORDERS);
    expect(await a.poll()).toMatchObject({ assignment: [], records: [] });
    expect(await describe()).toMatchObject({ partitions: [], lag: 0 });
    await expect(a.commit([{ topic: ORDERS, partition: 0, offset: 1 }])).rejects.toThrow(refusal('topic_not_found'));
    await putTopic(log.ports, ACME, ORDERS, { partitions: 1 });
    expect(partitionsOf((await a.poll()).assignment)).toEqual([0]);
    expect((await describe()).partitions).toMatchObject([{ committedOffset: null, lag: 0 }]);
    expect((await log.ports.groups.read(ACME, BILLING))?.leases).toHaveLength(1);
  });

  it('gathers nothing of topics that are made again and again, or were deleted', async () => {
    const { member, log } = await groupUnderTest(1);
    const leases = async () => (await log.ports.groups.read(ACME, BILLING))?.leases.map(({ topic }) => topic);
    for (let round = 0; round < 3; round += 1) {
      const a = member(`a${round}`);
      const once = `once-${round}` as TopicName;
      await putTopic(log.ports, ACME, once, {});
      await putTopic(log.ports, ACME, ORDERS, { partitions: 1 });
      expect((await a.poll({ topics: [ORDERS, once] })).assignment).toHaveLength(2);
      await a.leave();
      for (const name of [ORDERS, once]) await deleteTopic(log.ports, ACME, name);
    }
    await putTopic(log.ports, ACME, ORDERS, { partitions: 1 });
    const last = member('last');
    await last.poll();
    expect(await leases()).toEqual(['orders']);
  });

  it('keeps the offsets of topics that nobody subscribes to now', async () => {
    const { member, fill, describe } = await groupUnderTest(1);
    await fill(0, 3);
    const a = member('a');
    await a.poll();
    await a.commit();
    await a.leave();
    await member('b').poll({ topics: ['other' as TopicName] });
    expect((await describe()).partitions).toMatchObject([{ topic: 'orders', committedOffset: 3 }]);
  });

  it('moves what a member no longer subscribes to', async () => {
    const { member, fill } = await groupUnderTest(2);
    await fill(0, 1);
    const [a, b] = [member('a'), member('b')];
    await a.poll();
    const moving = await a.poll({ topics: ['other' as TopicName] });
    expect(partitionsOf(moving.revoking)).toEqual([0]);
    await a.commit();
    expect(await a.poll({ topics: ['other' as TopicName] })).toMatchObject({ assignment: [] });
    expect(partitionsOf((await b.poll()).assignment)).toEqual([0, 1]);
  });
});

describe('two polls of one member at once', () => {
  it('both know what it has', async () => {
    const { member, fill } = await groupUnderTest(3);
    await fill(0, 2);
    const a = member('a');
    const given = await Promise.all([a.ask(), a.ask(), a.ask()]);
    for (const { generation, assignment } of given) {
      expect(generation).toBe(given[0]?.generation);
      expect(partitionsOf(assignment)).toEqual([0, 1, 2]);
    }
  });
});

describe('a poll that waits', () => {
  it('is woken by a record, and answers it', async () => {
    const { member, fill } = await groupUnderTest(2);
    const a = member('a');
    await a.poll();
    const waiting = a.poll({ waitMs: 20_000 });
    await fill(1, 1);
    expect(await waiting).toMatchObject({ records: ['1:0'] });
  });

  it('keeps its member alive', async () => {
    const { member, log } = await groupUnderTest(1);
    const [a, b] = [member('a'), member('b')];
    const sessionTimeoutMs = 3000;
    await a.poll({ sessionTimeoutMs });
    const waiting = a.poll({ waitMs: 20_000, sessionTimeoutMs });
    for (let second = 0; second < 19; second += 1) {
      await log.ports.clock.advance(1000);
      expect((await b.ask({ sessionTimeoutMs })).assignment).toEqual([]);
    }
    await log.ports.clock.advance(1000);
    expect(await waiting).toMatchObject({ generation: 1, assignment: [{ partition: 0 }], records: [] });
  });

  it('takes what becomes free while it waits, and gives back what should move', async () => {
    const { member, fill, log } = await groupUnderTest(2);
    const [a, b] = [member('a'), member('b')];
    await a.poll();
    const waiting = a.poll({ waitMs: 20_000 });
    await log.ports.clock.advance(0);
    await b.poll();
    await log.ports.clock.advance(0);
    expect(partitionsOf((await b.poll()).assignment)).toEqual([1]);
    expect(partitionsOf((await waiting).assignment)).toEqual([0]);
    const again = a.poll({ waitMs: 20_000 });
    await log.ports.clock.advance(0);
    await fill(1, 1);
    await b.leave();
    expect(await again).toMatchObject({ records: ['1:0'], assignment: [{ partition: 0 }, { partition: 1 }] });
  });

  it('answers as soon as its assignment is another, though there is nothing to read', async () => {
    const { member, log } = await groupUnderTest(2);
    const [a, b] = [member('a'), member('b')];
    await a.poll();
    await b.poll();
    await a.poll();
    await b.poll();
    const waiting = a.poll({ waitMs: 20_000 });
    await log.ports.clock.advance(0);
    await b.leave();
    expect(await waiting).toMatchObject({ records: [], assignment: [{ partition: 0 }, { partition: 1 }] });
  });

  it('wakes at the moment when another member dies, and answers what it has then', async () => {
    const { member, log } = await groupUnderTest(1);
    const [a, b] = [member('a'), member('b')];
    await a.poll({ sessionTimeoutMs: 3141 });
    const waiting = b.poll({ waitMs: 20_000, sessionTimeoutMs: 60_000 });
    await log.ports.clock.advance(3140);
    expect((await log.ports.groups.read(ACME, BILLING))?.members).toHaveLength(2);
    await log.ports.clock.advance(1);
    expect(await waiting).toMatchObject({ assignment: [{ partition: 0 }] });
    expect((await log.ports.groups.read(ACME, BILLING))?.members).toHaveLength(1);
  });

  it('looks again at once where another one was quicker to declare a member dead', async () => {
    const { member, log } = await groupUnderTest(2);
    const { groups, clock, signal } = log.ports;
    signal.announce = () => undefined;
    const [a, b, c] = [member('a'), member('b'), member('c')];
    await a.poll({ sessionTimeoutMs: 3141 });
    const waits = [b, c].map((late) => late.poll({ waitMs: 20_000, sessionTimeoutMs: 60_000 }));
    await clock.advance(3141 + 40);
    expect((await Promise.all(waits)).map(({ assignment }) => assignment.length)).toEqual([1, 1]);
    expect((await groups.read(ACME, BILLING))?.members).toHaveLength(2);
  });

  it('wakes at the moment when a partition has to have moved, and gives it back', async () => {
    const { member, fill, log } = await groupUnderTest(2);
    await fill(1, 3);
    const [a, b] = [member('a'), member('b')];
    await a.poll();
    await b.poll();
    expect((await a.poll()).revoking).toMatchObject([{ partition: 1 }]);
    await log.ports.clock.advance(SESSION_MS - 700);
    const waits = [a, b].map((each) => each.poll({ waitMs: 20_000 }));
    await log.ports.clock.advance(699);
    expect((await log.ports.groups.read(ACME, BILLING))?.leases[1]?.owner?.member).toBe('a');
    await log.ports.clock.advance(1);
    const [first, second] = await Promise.all(waits);
    expect([first?.assignment, second?.assignment]).toMatchObject([[{ partition: 0 }], [{ partition: 1 }]]);
  });

  it('answers at once when something has to move that was received but not committed', async () => {
    const { member, fill, log } = await groupUnderTest(2);
    await fill(1, 1);
    const [a, b] = [member('a'), member('b')];
    await a.poll();
    const waiting = a.poll({ waitMs: 20_000 });
    await log.ports.clock.advance(0);
    await b.poll();
    expect(await waiting).toMatchObject({ records: [], revoking: [{ partition: 1 }] });
  });

  it('does not bring its member back that has left while it waited', async () => {
    const { member, log } = await groupUnderTest(1);
    const a = member('a');
    await a.poll();
    const waiting = a.poll({ waitMs: 20_000 });
    await log.ports.clock.advance(0);
    await a.leave();
    await expect(waiting).rejects.toThrow(refusal('fenced', { assignment: [] }));
    expect((await log.ports.groups.read(ACME, BILLING))?.members).toEqual([]);
  });

  it('ends as fenced when its group is deleted while it waits', async () => {
    const { member, log } = await groupUnderTest(1);
    const a = member('a');
    await a.poll();
    const waiting = a.poll({ waitMs: 20_000 });
    await log.ports.clock.advance(0);
    await deleteGroup(log.ports, ACME, BILLING, () => true);
    await expect(waiting).rejects.toThrow(refusal('fenced', { assignment: [] }));
    expect(await a.ask()).toMatchObject({ generation: 2, assignment: [{ partition: 0 }] });
  });

  it('leaves two thirds of its session to a member that hung up, and a whole one when it comes back', async () => {
    const { member, log } = await groupUnderTest(1);
    const expiry = async () => (await log.ports.groups.read(ACME, BILLING))?.members[0]?.expiresAt ?? 0;
    const { clock } = log.ports;
    const a = member('a');
    await a.poll();
    for (const isHungUp of [false, true]) {
      await clock.advance(1000);
      const before = await expiry();
      const client = new AbortController();
      const waiting = a.ask({ waitMs: 20_000, abort: client.signal, isHungUp: () => isHungUp });
      await clock.advance(0);
      client.abort();
      await waiting;
      expect(await expiry()).toBe(isHungUp ? clock.now() + (SESSION_MS * 2) / 3 : before);
    }
    await clock.advance(1);
    await a.poll();
    expect(await expiry()).toBe(clock.now() + SESSION_MS);
  });

  it.each([
    ['less than a third of a session', 'its call', SESSION_MS / 3 - 2],
    ['a third of a session', 'its look', SESSION_MS / 3],
  ])('counts the heartbeat of a poll that waits %s from %s', async (_, from, waitMs) => {
    const { member, log } = await groupUnderTest(1);
    const { clock } = log.ports;
    const a = member('a');
    await a.poll();
    await clock.advance(5);
    const calledAt = clock.now();
    const waiting = a.poll({ waitMs });
    await clock.advance(waitMs);
    await waiting;
    const expiresAt = (await log.ports.groups.read(ACME, BILLING))?.members[0]?.expiresAt ?? 0;
    expect(expiresAt - SESSION_MS).toBe(calledAt + (from === 'its call' ? 0 : waitMs));
  });

  it('takes what a member had that dies while it waits', async () => {
    const { member, fill, log } = await groupUnderTest(1);
    await fill(0, 1);
    const [a, b] = [member('a'), member('b')];
    await a.poll({ sessionTimeoutMs: 3000 });
    const waiting = b.poll({ waitMs: 20_000 });
    await log.ports.clock.advance(6000);
    expect(await waiting).toMatchObject({ records: ['0:0'] });
  });
});
