import { expect, it } from 'vitest';
import { freshName, must, produce } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Answer, Caller } from '../support/http.ts';
import type { Chapter } from './bus-under-test.ts';

interface Place {
  readonly topic: string;
  readonly partition: number;
}

interface Polled {
  readonly generation: number;
  readonly assignment: readonly Place[];
  readonly revoking: readonly Place[];
  readonly records: readonly (Place & { readonly offset: number; readonly value: unknown })[];
  readonly cursor: string;
  readonly skipped?: readonly object[];
}

interface Described {
  readonly members: readonly { readonly member: string; readonly assignment: readonly Place[] }[];
  readonly partitions: readonly (Place & { readonly owner: string | null; readonly committedOffset: number | null })[];
  readonly lag: number;
}

const partitionsOf = (places: readonly Place[]): number[] => places.map(({ partition }) => partition);

/** Contract section 6: consumer groups over HTTP alone. */
export const groups: Chapter = (bus) => {
  const path = (group: string, member: string) => `/v1/groups/${group}/members/${member}`;
  const ask = (group: string, member: string, body: object, api: Caller = bus.api): Promise<Answer> =>
    api.post(`${path(group, member)}/poll`, body);
  const poll = async (group: string, member: string, body: object): Promise<Polled> =>
    must(await ask(group, member, body), 200).json<Polled>();
  const commit = (group: string, member: string, generation: number, offsets: readonly object[]): Promise<Answer> =>
    bus.api.post(`${path(group, member)}/commit`, { generation, offsets });
  const describe = async (group: string): Promise<Described> =>
    must(await bus.api.get(`/v1/groups/${group}`), 200).json<Described>();

  const numbered = (topic: string, count: number, partitions: number) =>
    produce(
      bus.api,
      topic,
      Array.from({ length: count }, (_, value) => ({ value, partition: value % partitions })),
    );

  it('gives every record of every partition to a member, and goes on behind its cursor', async () => {
    const [topic, group] = [await bus.topic(3), freshName('group')];
    await numbered(topic, 9, 3);
    const first = await poll(group, 'm', { topics: [topic] });
    expect(first.generation).toBeGreaterThan(0);
    expect(first.assignment).toEqual([0, 1, 2].map((partition) => ({ topic, partition })));
    expect(first.revoking).toEqual([]);
    expect(first.records.map(({ value }) => value).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(first.records[0]).toMatchObject({ topic, timestamp: expect.any(Number), headers: {} });
    await numbered(topic, 1, 3);
    const second = await poll(group, 'm', { topics: [topic], cursor: first.cursor });
    expect(second.records).toMatchObject([{ topic, partition: 0, offset: 3 }]);
    const again = await poll(group, 'm', { topics: [topic], cursor: first.cursor });
    expect(again.records).toEqual(second.records);
    expect((await poll(group, 'm', { topics: [topic] })).records).toHaveLength(10);
  });

  it('reads several topics, each record with the name of its own', async () => {
    const [one, two, group] = [await bus.topic(1), await bus.topic(2), freshName('group')];
    await produce(bus.api, one, [{ value: 'a' }]);
    await produce(bus.api, two, [{ value: 'b', partition: 1 }]);
    const { records, assignment } = await poll(group, 'm', { topics: [one, two] });
    expect(assignment).toHaveLength(3);
    expect(new Map(records.map(({ topic, value }) => [topic, value]))).toEqual(
      new Map([
        [one, 'a'],
        [two, 'b'],
      ]),
    );
  });

  it('keeps to the bounds that it is given', async () => {
    const [topic, group] = [await bus.topic(2), freshName('group')];
    await numbered(topic, 20, 2);
    const limited = await poll(group, 'm', { topics: [topic], limit: 7 });
    expect(limited.records).toHaveLength(7);
    const small = await poll(group, 'm', { topics: [topic], cursor: limited.cursor, maxBytes: 1 });
    expect(small.records).toHaveLength(1);
  });

  it('commits forward only, and begins there without a cursor', async () => {
    const [topic, group] = [await bus.topic(1), freshName('group')];
    await numbered(topic, 5, 1);
    const { generation } = await poll(group, 'm', { topics: [topic] });
    const at = (offset: number) => ({ topic, partition: 0, offset });
    expect(must(await commit(group, 'm', generation, [at(3)]), 200).json()).toEqual({ offsets: [at(3)] });
    expect(must(await commit(group, 'm', generation, [at(1)]), 200).json()).toEqual({ offsets: [at(3)] });
    expect((await poll(group, 'm', { topics: [topic] })).records.map(({ value }) => value)).toEqual([3, 4]);
    expect(await describe(group)).toMatchObject({
      members: [{ member: 'm', generation, topics: [topic], assignment: [{ topic, partition: 0 }] }],
      partitions: [
        { topic, partition: 0, owner: 'm', committedOffset: 3, logStartOffset: 0, highWatermark: 5, lag: 2 },
      ],
      lag: 2,
    });
  });

  it('shares with a second member as soon as what was received is committed', async () => {
    const [topic, group] = [await bus.topic(4), freshName('group')];
    await numbered(topic, 8, 4);
    const first = await poll(group, 'a', { topics: [topic] });
    expect((await poll(group, 'b', { topics: [topic] })).assignment).toEqual([]);
    const moving = await poll(group, 'a', { topics: [topic], cursor: first.cursor });
    expect(moving.assignment).toHaveLength(4);
    expect(moving.revoking).toHaveLength(2);
    await numbered(topic, 4, 4);
    const offsets = [0, 1, 2, 3].map((partition) => ({ topic, partition, offset: 2 }));
    must(await commit(group, 'a', first.generation, offsets), 200);
    const second = await poll(group, 'b', { topics: [topic] });
    expect(partitionsOf(second.assignment)).toEqual(partitionsOf(moving.revoking));
    expect(second.records.map(({ offset }) => offset)).toEqual([2, 2]);
    const left = await poll(group, 'a', { topics: [topic], cursor: moving.cursor });
    expect(left.revoking).toEqual([]);
    expect(left.records.map(({ offset }) => offset)).toEqual([2, 2]);
    const stale = expectProblem(await commit(group, 'a', first.generation, offsets), 409, 'fenced');
    expect(stale).toMatchObject({ generation: first.generation, assignment: left.assignment });
  });

  it('gives what a member had that has left to the others at once', async () => {
    const [topic, group] = [await bus.topic(2), freshName('group')];
    await numbered(topic, 2, 2);
    const { generation } = await poll(group, 'a', { topics: [topic] });
    must(await bus.api.delete(path(group, 'a')), 204);
    expect((await poll(group, 'b', { topics: [topic] })).records).toHaveLength(2);
    const gone = expectProblem(await commit(group, 'a', generation, []), 409, 'fenced');
    expect(gone).toMatchObject({ assignment: [] });
    expectProblem(await bus.api.post(`${path(group, 'a')}/heartbeat`, { generation }), 409, 'fenced');
    expectProblem(await bus.api.delete(path(group, 'a')), 404, 'member_not_found');
  });

  it('takes over from a member that nobody has heard of for a session', { timeout: 20_000 }, async () => {
    const [topic, group] = [await bus.topic(1), freshName('group')];
    await numbered(topic, 1, 1);
    const { generation } = await poll(group, 'a', { topics: [topic], sessionTimeoutMs: 3000 });
    const taken = await poll(group, 'b', { topics: [topic], waitMs: 10_000 });
    expect(taken).toMatchObject({ assignment: [{ topic, partition: 0 }], records: [{ value: 0 }] });
    expect(taken.generation).toBeGreaterThan(generation);
    const answer = await commit(group, 'a', generation, [{ topic, partition: 0, offset: 1 }]);
    expect(expectProblem(answer, 409, 'fenced')).toMatchObject({ assignment: [] });
    expect((await poll(group, 'a', { topics: [topic] })).generation).toBeGreaterThan(taken.generation);
  });

  it('waits for records, and is woken by them', async () => {
    const [topic, group] = [await bus.topic(2), freshName('group')];
    await poll(group, 'm', { topics: [topic] });
    const waiting = poll(group, 'm', { topics: [topic], waitMs: 15_000 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await produce(bus.api, topic, [{ value: 'woken', partition: 1 }]);
    expect((await waiting).records).toMatchObject([{ value: 'woken' }]);
  });

  it('commits by itself what the cursor shows, if asked to', async () => {
    const [topic, group] = [await bus.topic(1), freshName('group')];
    await numbered(topic, 3, 1);
    const body = { topics: [topic], autoCommit: true };
    const { cursor } = await poll(group, 'm', body);
    expect((await describe(group)).partitions[0]?.committedOffset).not.toBe(3);
    await poll(group, 'm', { ...body, cursor });
    expect((await describe(group)).partitions[0]?.committedOffset).toBe(3);
  });

  it('begins a new group at the end where it is told to', async () => {
    const [topic, group] = [await bus.topic(1), freshName('group')];
    await numbered(topic, 2, 1);
    expect((await poll(group, 'm', { topics: [topic], from: 'latest' })).records).toEqual([]);
    await numbered(topic, 1, 1);
    expect((await poll(group, 'm', { topics: [topic], from: 'latest' })).records).toMatchObject([{ offset: 2 }]);
  });

  it('goes on at the log start where it has passed the group, and says so', async () => {
    const [topic, group] = [await bus.topic(1), freshName('group')];
    await numbered(topic, 5, 1);
    const { generation } = await poll(group, 'm', { topics: [topic], limit: 1 });
    must(await commit(group, 'm', generation, [{ topic, partition: 0, offset: 1 }]), 200);
    must(await bus.api.delete(`/v1/topics/${topic}/partitions/0/records?beforeOffset=3`), 200);
    const { records, skipped } = await poll(group, 'm', { topics: [topic] });
    expect(records.map(({ offset }) => offset)).toEqual([3, 4]);
    expect(skipped).toEqual([{ topic, partition: 0, from: 1, to: 3 }]);
  });

  it('takes topics that come, grow, go and come again', { timeout: 30_000 }, async () => {
    const [topic, group] = [freshName('topic'), freshName('group')];
    const until = async (isSo: (polled: Polled) => boolean): Promise<Polled> => {
      for (;;) {
        const polled = await poll(group, 'm', { topics: [topic] });
        if (isSo(polled)) return polled;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    expect((await poll(group, 'm', { topics: [topic] })).assignment).toEqual([]);
    must(await bus.api.put(`/v1/topics/${topic}`, { partitions: 1 }), 201);
    const { generation } = await until(({ assignment }) => assignment.length === 1);
    await numbered(topic, 1, 1);
    must(await commit(group, 'm', generation, [{ topic, partition: 0, offset: 1 }]), 200);
    must(await bus.api.patch(`/v1/topics/${topic}`, { partitions: 3 }), 200);
    await until(({ assignment }) => assignment.length === 3);
    must(await bus.api.delete(`/v1/topics/${topic}`), 204);
    await until(({ assignment }) => assignment.length === 0);
    must(await bus.api.put(`/v1/topics/${topic}`, { partitions: 2 }), 201);
    await numbered(topic, 1, 1);
    expect((await until(({ records }) => records.length > 0)).assignment).toHaveLength(2);
    expect((await describe(group)).partitions).toMatchObject([{ committedOffset: null }, { committedOffset: null }]);
  });

  it('seeks, first dry, and fences the cursors of those who live', async () => {
    const [topic, group] = [await bus.topic(1), freshName('group')];
    await numbered(topic, 4, 1);
    const { cursor, generation } = await poll(group, 'm', { topics: [topic] });
    must(await commit(group, 'm', generation, [{ topic, partition: 0, offset: 4 }]), 200);
    const seek = (body: object) => bus.api.post(`/v1/groups/${group}/seek`, { topic, ...body });
    const offsets = [{ topic, partition: 0, from: 4, to: 1 }];
    const dry = must(await seek({ to: { offset: 1 }, dryRun: true }), 200);
    expect(dry.json()).toEqual({ offsets, dryRun: true });
    expect((await poll(group, 'm', { topics: [topic], cursor })).records).toEqual([]);
    expect(must(await seek({ to: { offset: 1 } }), 200).json()).toEqual({ offsets, dryRun: false });
    expectProblem(await ask(group, 'm', { topics: [topic], cursor }), 409, 'fenced');
    expectProblem(await commit(group, 'm', generation, [{ topic, partition: 0, offset: 4 }]), 409, 'fenced');
    expect((await poll(group, 'm', { topics: [topic] })).records.map(({ value }) => value)).toEqual([1, 2, 3]);
    expectProblem(await seek({ to: { offset: 5 } }), 416, 'offset_out_of_range');
    expectProblem(await seek({ to: 'middle' }), 400, 'invalid_request');
    expectProblem(await seek({ to: 'latest', partitions: [1] }), 400, 'invalid_request');
    expectProblem(
      await bus.api.post(`/v1/groups/${freshName('no')}/seek`, { topic, to: 'latest' }),
      404,
      'group_not_found',
    );
  });

  it('lists, describes and deletes groups, those of its tenant alone', async () => {
    const [topic, group] = [await bus.topic(1), freshName('group')];
    const { generation } = await poll(group, 'm', { topics: [topic] });
    const listed = must(await bus.api.get('/v1/groups?limit=1000'), 200).json<{ data: { group: string }[] }>();
    expect(listed.data).toContainEqual({ group });
    const stranger = await bus.stranger();
    expectProblem(await stranger.get(`/v1/groups/${group}`), 404, 'group_not_found');
    expectProblem(await stranger.delete(`/v1/groups/${group}`), 404, 'group_not_found');
    expect(must(await stranger.get('/v1/groups'), 200).json()).toEqual({ data: [], nextCursor: null });
    must(await bus.api.delete(`/v1/groups/${group}`), 204);
    expectProblem(await bus.api.get(`/v1/groups/${group}`), 404, 'group_not_found');
    expectProblem(await commit(group, 'm', generation, []), 404, 'group_not_found');
    expect((await poll(group, 'm', { topics: [topic] })).generation).toBeGreaterThan(generation);
  });

  it('asks for subscribe on every topic that is named, and shows nothing of others', async () => {
    const [mine, theirs, group] = [await bus.topic(1), await bus.topic(1), freshName('group')];
    const narrow = await bus.callerWith([{ actions: ['subscribe'], topics: [mine] }]);
    const { generation } = await poll(group, 'm', { topics: [theirs] });
    expectProblem(await ask(group, 'n', { topics: [mine, theirs] }, narrow), 403, 'forbidden');
    expectProblem(await ask(group, 'n', { topics: [freshName('never')] }, narrow), 403, 'forbidden');
    expectProblem(await narrow.get(`/v1/groups/${group}`), 404, 'group_not_found');
    expectProblem(await narrow.delete(`/v1/groups/${group}`), 404, 'group_not_found');
    expect(must(await narrow.get('/v1/groups'), 200).text).not.toContain(group);
    const offsets = [{ topic: mine, partition: 0, offset: 0 }];
    const theirCommit = { generation, offsets };
    for (const body of [theirCommit, { ...theirCommit, generation: 99 }, { generation, offsets: [] }])
      expectProblem(await narrow.post(`/v1/groups/${group}/members/m/commit`, body), 404, 'group_not_found');
    expectProblem(await narrow.post(`/v1/groups/${group}/seek`, { topic: mine, to: 'latest' }), 404, 'group_not_found');
    expectProblem(await ask(group, 'm', { topics: [mine] }, narrow), 403, 'forbidden');
    must(await ask(group, 'n', { topics: [mine] }, narrow), 200);
    for (const stale of [theirCommit, { ...theirCommit, generation: 99 }])
      expectProblem(await narrow.post(`/v1/groups/${group}/members/m/commit`, stale), 404, 'member_not_found');
    const shown = must(await narrow.get(`/v1/groups/${group}`), 200);
    expect(shown.text).not.toContain(theirs);
    expectProblem(await narrow.delete(`/v1/groups/${group}`), 403, 'forbidden');
    const reader = await bus.callerWith([{ actions: ['fetch'], topics: ['*'] }]);
    expectProblem(await ask(group, 'n', { topics: [mine] }, reader), 403, 'forbidden');
  });

  it.each([
    {},
    { topics: [] },
    { topics: ['a b'] },
    { topics: 'orders' },
    { topics: ['t'], limit: 0 },
    { topics: ['t'], limit: 10_001 },
    { topics: ['t'], maxBytes: 0 },
    { topics: ['t'], waitMs: 20_001 },
    { topics: ['t'], sessionTimeoutMs: 2999 },
    { topics: ['t'], sessionTimeoutMs: 600_001 },
    { topics: ['t'], from: 'middle' },
    { topics: ['t'], autoCommit: 'yes' },
    { topics: ['t'], autocommit: true },
    { topics: Array.from({ length: 101 }, (_, at) => `t${at}`) },
  ])('refuses to poll with %j', async (body) => {
    expectProblem(await ask(freshName('group'), 'm', body), 400, 'invalid_request');
  });

  it('refuses cursors that it has not given, or that are of another group', async () => {
    const [topic, group, other] = [await bus.topic(1), freshName('group'), freshName('group')];
    const { cursor } = await poll(group, 'm', { topics: [topic] });
    for (const wrong of ['', 'AAAA', `${cursor}A`, cursor.slice(0, -1)])
      expectProblem(await ask(group, 'm', { topics: [topic], cursor: wrong }), 400, 'invalid_cursor');
    expectProblem(await ask(other, 'm', { topics: [topic], cursor }), 400, 'invalid_cursor');
  });

  it('refuses commits that make no sense, and keeps all as it was', async () => {
    const [topic, group] = [await bus.topic(1), freshName('group')];
    await numbered(topic, 2, 1);
    const { generation } = await poll(group, 'm', { topics: [topic] });
    const at = (partition: number, offset: number) => ({ topic, partition, offset });
    expectProblem(await commit(group, 'm', generation, [at(0, -1)]), 400, 'invalid_request');
    expectProblem(await commit(group, 'm', generation, [at(1, 0)]), 400, 'invalid_request');
    expectProblem(await commit(group, 'm', generation, [at(0, 1), at(0, 2)]), 400, 'invalid_request');
    expectProblem(await commit(group, 'm', generation, [at(0, 1), at(0, 3)]), 400, 'invalid_request');
    expectProblem(await commit(group, 'm', generation, [at(0, 3)]), 416, 'offset_out_of_range');
    expectProblem(await commit(group, 'm', 0, [at(0, 1)]), 400, 'invalid_request');
    expectProblem(await commit(group, 'm', generation + 1, [at(0, 1)]), 409, 'fenced');
    const none = { topic: freshName('none'), partition: 0, offset: 0 };
    expectProblem(await commit(group, 'm', generation, [none]), 404, 'topic_not_found');
    expectProblem(await commit(freshName('no'), 'm', generation, []), 404, 'group_not_found');
    expect((await describe(group)).partitions[0]?.committedOffset).toBeNull();
  });
};
