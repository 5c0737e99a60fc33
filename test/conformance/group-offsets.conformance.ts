import { expect, it } from 'vitest';
import { freshName, must, produce } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Answer } from '../support/http.ts';
import type { Chapter } from './bus-under-test.ts';

interface Polled {
  readonly generation: number;
  readonly assignment: readonly { readonly partition: number }[];
  readonly records: readonly { readonly partition: number; readonly offset: number; readonly timestamp: number }[];
  readonly cursor: string;
  readonly skipped?: readonly object[];
}

interface Sought {
  readonly offsets: readonly { readonly partition: number; readonly from: number | null; readonly to: number }[];
}

/** Contract section 6: where a group stands, what it lags, and how it is moved. */
export const groupOffsets: Chapter = (bus) => {
  const memberPath = (group: string, member = 'm') => `/v1/groups/${group}/members/${member}`;
  const ask = (group: string, body: object, member = 'm'): Promise<Answer> =>
    bus.api.post(`${memberPath(group, member)}/poll`, body);
  const poll = async (group: string, body: object, member = 'm'): Promise<Polled> =>
    must(await ask(group, body, member), 200).json<Polled>();
  const commit = (group: string, generation: number, offsets: readonly object[]): Promise<Answer> =>
    bus.api.post(`${memberPath(group)}/commit`, { generation, offsets });
  const seek = (group: string, body: object): Promise<Answer> => bus.api.post(`/v1/groups/${group}/seek`, body);

  /** A topic with so many records in each partition, 1,000 ms apart, and a group that has read them all. */
  const reading = async (counts: readonly number[], fields: object = {}) => {
    const [topic, group] = [await bus.topic(counts.length), freshName('group')];
    const records = counts.flatMap((count, partition) =>
      Array.from({ length: count }, (_, value) => ({ value, partition, timestamp: 1_700_000_000_000 + value * 1000 })),
    );
    if (records.length > 0) await produce(bus.api, topic, records);
    const first = await poll(group, { topics: [topic], ...fields });
    return { topic, group, first, at: (partition: number, offset: number) => ({ topic, partition, offset }) };
  };

  it('shows the lag of each partition and in sum: from the committed offset, or from the log start', async () => {
    const { topic, group, first, at } = await reading([5, 3, 0]);
    must(await commit(group, first.generation, [at(0, 2)]), 200);
    must(await bus.api.delete(`/v1/topics/${topic}/partitions/1/records?beforeOffset=1`), 200);
    expect(must(await bus.api.get(`/v1/groups/${group}`), 200).json()).toMatchObject({
      partitions: [
        { partition: 0, committedOffset: 2, logStartOffset: 0, highWatermark: 5, lag: 3 },
        { partition: 1, committedOffset: null, logStartOffset: 1, highWatermark: 3, lag: 2 },
        { partition: 2, committedOffset: null, logStartOffset: 0, highWatermark: 0, lag: 0 },
      ],
      lag: 5,
    });
    must(await bus.api.delete(`/v1/topics/${topic}/partitions/0/records?beforeOffset=4`), 200);
    expect(must(await bus.api.get(`/v1/groups/${group}`), 200).json()).toMatchObject({ lag: 3 });
  });

  it('gives an answer that was lost again, whole, to whoever asks with the cursor before it', async () => {
    const { topic, group, first } = await reading([6, 6], { limit: 4 });
    const body = { topics: [topic], cursor: first.cursor, limit: 4 };
    const lost = await poll(group, body);
    expect((await poll(group, body)).records).toEqual(lost.records);
    const rest = await poll(group, { topics: [topic], cursor: lost.cursor, limit: 10 });
    const all = [first, lost, rest].flatMap(({ records }) => records.map((record) => record));
    for (const partition of [0, 1])
      expect(all.filter((record) => record.partition === partition).map(({ offset }) => offset)).toEqual([
        0, 1, 2, 3, 4, 5,
      ]);
  });

  it('says what the log start has passed of a cursor too', async () => {
    const { topic, group, first } = await reading([5], { limit: 1 });
    must(await bus.api.delete(`/v1/topics/${topic}/partitions/0/records?beforeOffset=3`), 200);
    const next = await poll(group, { topics: [topic], cursor: first.cursor });
    expect(next.skipped).toEqual([{ topic, partition: 0, from: 1, to: 3 }]);
    expect(next.records.map(({ offset }) => offset)).toEqual([3, 4]);
    expect(await poll(group, { topics: [topic], cursor: next.cursor })).not.toHaveProperty('skipped');
  });

  it('takes null for absent', async () => {
    const { topic, group } = await reading([1]);
    const none = { cursor: null, limit: null, maxBytes: null, waitMs: null, autoCommit: null, from: null };
    expect((await poll(group, { topics: [topic], ...none, sessionTimeoutMs: null })).records).toHaveLength(1);
    const { offsets } = must(
      await seek(group, { topic, to: 'latest', partitions: null, dryRun: null }),
      200,
    ).json<Sought>();
    expect(offsets).toMatchObject([{ from: null, to: 1 }]);
  });

  it('seeks to the start, the end, a time and an offset, of all partitions or of some', async () => {
    const { topic, group } = await reading([4, 2, 4]);
    const to = async (target: unknown, fields: object = {}) =>
      must(await seek(group, { topic, to: target, ...fields }), 200)
        .json<Sought>()
        .offsets.map(({ partition, from, to: offset }) => [partition, from, offset]);
    expect(await to('latest')).toEqual([
      [0, null, 4],
      [1, null, 2],
      [2, null, 4],
    ]);
    expect(await to({ timestamp: 1_700_000_001_500 })).toEqual([
      [0, 4, 2],
      [1, 2, 2],
      [2, 4, 2],
    ]);
    expect(await to({ offset: 3 }, { partitions: [2, 0] })).toEqual([
      [0, 2, 3],
      [2, 2, 3],
    ]);
    expect(await to('earliest', { partitions: [1] })).toEqual([[1, 2, 0]]);
    const refused = expectProblem(await seek(group, { topic, to: { offset: 3 } }), 416, 'offset_out_of_range');
    expect(refused).toMatchObject({ partition: 1, logStartOffset: 0, highWatermark: 2 });
    const { records } = await poll(group, { topics: [topic] });
    expect(records.map(({ partition, offset }) => `${partition}:${offset}`).sort()).toEqual([
      '0:3',
      '1:0',
      '1:1',
      '2:3',
    ]);
  });

  it('seeks in a topic that the group has not read yet, for whoever reads it then', async () => {
    const { group } = await reading([1]);
    const other = await bus.topic(1);
    await produce(bus.api, other, [{ value: 0 }, { value: 1 }]);
    must(await seek(group, { topic: other, to: { offset: 1 } }), 200);
    expect((await poll(group, { topics: [other] }, 'late')).records.map(({ offset }) => offset)).toEqual([1]);
  });

  it('leaves the members of other partitions in peace when it seeks', async () => {
    const { topic, group, first, at } = await reading([2, 2]);
    must(await seek(group, { topic, to: 'earliest', partitions: [1] }), 200);
    must(await commit(group, first.generation, [at(0, 2)]), 200);
    const refused = await commit(group, first.generation, [at(1, 2)]);
    expect(expectProblem(refused, 409, 'fenced')).toMatchObject({ generation: first.generation });
    expectProblem(await ask(group, { topics: [topic], cursor: first.cursor }), 409, 'fenced');
    const anew = await poll(group, { topics: [topic] });
    expect(anew.generation).toBe(first.generation);
    expect(anew.records.map(({ partition, offset }) => [partition, offset])).toEqual([
      [1, 0],
      [1, 1],
    ]);
    must(await commit(group, first.generation, [at(1, 2)]), 200);
  });

  it('renews a session by a heartbeat, and answers 409 to that of another generation', async () => {
    const { group, first } = await reading([1]);
    const beat = (generation: number) => bus.api.post(`${memberPath(group)}/heartbeat`, { generation });
    expect(must(await beat(first.generation), 204).text).toBe('');
    expect(expectProblem(await beat(first.generation + 1), 409, 'fenced')).toMatchObject({
      generation: first.generation,
      assignment: first.assignment,
    });
  });

  it('goes on as the same member for whoever comes back under its name, and commits only once', async () => {
    const { topic, group, first, at } = await reading([4], { limit: 2 });
    must(await commit(group, first.generation, [at(0, 2)]), 200);
    const restarted = await poll(group, { topics: [topic] });
    expect(restarted).toMatchObject({ generation: first.generation, assignment: first.assignment });
    expect(restarted.records.map(({ offset }) => offset)).toEqual([2, 3]);
    const again = must(await commit(group, first.generation, [at(0, 2)]), 200);
    expect(again.json()).toEqual({ offsets: [at(0, 2)] });
  });

  it('gives shares that differ by one at most to five members on twelve partitions', async () => {
    const [topic, group] = [await bus.topic(12), freshName('group')];
    const names = ['a', 'b', 'c', 'd', 'e'];
    let shares: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      shares = [];
      for (const name of names) shares.push((await poll(group, { topics: [topic] }, name)).assignment.length);
    }
    expect(shares.sort()).toEqual([2, 2, 2, 3, 3]);
  });

  it('has no member more than partitions that reads: the others wait, and take over', async () => {
    const [topic, group] = [await bus.topic(1), freshName('group')];
    const assigned = async (name: string) => (await poll(group, { topics: [topic] }, name)).assignment.length;
    expect([await assigned('a'), await assigned('b'), await assigned('c')]).toEqual([1, 0, 0]);
    must(await bus.api.delete(memberPath(group, 'a')), 204);
    expect([await assigned('c'), await assigned('b')].sort()).toEqual([0, 1]);
  });

  it('deletes what it knew with the group, and begins anew under its name', async () => {
    const { topic, group, first, at } = await reading([2]);
    must(await commit(group, first.generation, [at(0, 2)]), 200);
    must(await bus.api.delete(`/v1/groups/${group}`), 204);
    expectProblem(await bus.api.delete(`/v1/groups/${group}`), 404, 'group_not_found');
    const anew = await poll(group, { topics: [topic], cursor: first.cursor });
    expect(anew.generation).toBeGreaterThan(first.generation);
    expect(anew.records.map(({ offset }) => offset)).toEqual([0, 1]);
    expectProblem(await commit(group, first.generation, [at(0, 1)]), 409, 'fenced');
  });

  it('lists groups page by page', async () => {
    const topic = await bus.topic(1);
    const names = Array.from({ length: 5 }, (_, at) => `paged-${at}-${freshName('g')}`);
    for (const name of names) await poll(name, { topics: [topic] });
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { data: { group: string }[]; nextCursor: string | null } = must(
        await bus.api.get(`/v1/groups?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`),
        200,
      ).json();
      expect(page.data.length).toBeLessThanOrEqual(2);
      found.push(...page.data.map(({ group }) => group));
      cursor = page.nextCursor;
    }
    expect(found.filter((name) => name.startsWith('paged-'))).toEqual(names);
  });
};
