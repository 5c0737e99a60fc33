import { describe, expect, it } from 'vitest';
import { freshName, makeTopic, must, partitionsOf } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { TopicBody } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

const FIELDS = [
  'cleanupPolicy',
  'createdAt',
  'id',
  'name',
  'partitions',
  'replicationFactor',
  'retentionBytes',
  'retentionMs',
  'writeQuorum',
];

const REFUSED: [string, object][] = [
  ['no partitions', { partitions: 0 }],
  ['a partition too many', { partitions: 1025 }],
  ['a negative count', { partitions: -1 }],
  ['half a partition', { partitions: 1.5 }],
  ['partitions as text', { partitions: '2' }],
  ['partitions as a flag', { partitions: true }],
  ['partitions as a list', { partitions: [2] }],
  ['a huge count', { partitions: 1e300 }],
  ['a retention below -1', { retentionMs: -2 }],
  ['half a millisecond', { retentionMs: 0.5 }],
  ['retention as text', { retentionMs: '7d' }],
  ['retained bytes below -1', { retentionBytes: -2 }],
  ['retained bytes beyond what is exact', { retentionBytes: 1e17 }],
  ['an unknown policy', { cleanupPolicy: 'keep' }],
  ['a policy in capitals', { cleanupPolicy: 'DELETE' }],
  ['no copies', { replicationFactor: 0 }],
  ['seven copies', { replicationFactor: 7 }],
  ['a quorum of none', { writeQuorum: 0 }],
  ['a quorum above the copies', { replicationFactor: 1, writeQuorum: 2 }],
  ['a field that is shown and not set', { createdAt: '2020-01-01T00:00:00Z' }],
  ['an id of its own', { id: 'mine' }],
  ['a name in the body', { name: 'other' }],
  ['an unknown field', { partition: 1 }],
];

export const topics: Chapter = (bus) => {
  it('are made with the documented defaults', async () => {
    const name = freshName('plain');
    const made = must(await bus.api.put(`/v1/topics/${name}`, {}), 201).json<TopicBody>();
    expect(Object.keys(made).sort()).toEqual(FIELDS);
    expect(made).toMatchObject({
      name,
      partitions: 1,
      retentionMs: 604_800_000,
      retentionBytes: -1,
      cleanupPolicy: 'delete',
    });
    expect(made.replicationFactor).toBeGreaterThanOrEqual(1);
    expect(made.writeQuorum).toBeGreaterThanOrEqual(1);
    expect(must(await bus.api.get(`/v1/topics/${name}`), 200).json()).toEqual(made);
  });

  it('are made with what is asked for', async () => {
    const spec = { partitions: 6, retentionMs: 3_600_000, retentionBytes: 1_000_000_000, cleanupPolicy: 'delete' };
    expect(await makeTopic(bus.api, spec)).toMatchObject(spec);
    expect(await makeTopic(bus.api, { retentionMs: -1, retentionBytes: -1 })).toMatchObject({
      retentionMs: -1,
      retentionBytes: -1,
    });
  });

  it('may have as many partitions as the contract says', async () => {
    const topic = await makeTopic(bus.api, { partitions: 1024 });
    expect(await partitionsOf(bus.api, topic.name)).toHaveLength(1024);
    must(await bus.api.delete(`/v1/topics/${topic.name}`), 204);
  });

  it('are updated by PUT, which keeps what it does not name', async () => {
    const made = await makeTopic(bus.api, { partitions: 2, retentionMs: 1_000_000 });
    const path = `/v1/topics/${made.name}`;
    expect(must(await bus.api.put(path, {}), 200).json()).toEqual(made);
    expect(must(await bus.api.put(path, { partitions: 2 }), 200).json()).toEqual(made);
    const updated = must(await bus.api.put(path, { retentionBytes: 5000, retentionMs: null }), 200).json<TopicBody>();
    expect(updated).toEqual({ ...made, retentionBytes: 5000 });
    expect(must(await bus.api.get(path), 200).json()).toEqual(updated);
  });

  it('are changed by PATCH in the same way, and not made by it', async () => {
    const made = await makeTopic(bus.api, { partitions: 2 });
    const path = `/v1/topics/${made.name}`;
    expect(must(await bus.api.patch(path, { retentionMs: 60_000 }), 200).json()).toEqual({
      ...made,
      retentionMs: 60_000,
    });
    expect(must(await bus.api.patch(path, {}), 200).json()).toEqual({ ...made, retentionMs: 60_000 });
    expect(must(await bus.api.patch(path, { retentionMs: null }), 200).json()).toEqual({
      ...made,
      retentionMs: 60_000,
    });
    const missing = freshName('missing');
    expectProblem(await bus.api.patch(`/v1/topics/${missing}`, { partitions: 2 }), 404, 'topic_not_found');
    expectProblem(await bus.api.get(`/v1/topics/${missing}`), 404, 'topic_not_found');
  });

  it('grow, and new partitions start empty', async () => {
    const { name } = await makeTopic(bus.api, { partitions: 2 });
    must(await bus.api.post(`/v1/topics/${name}/records`, { records: [{ partition: 1 }] }), 200);
    expect(must(await bus.api.patch(`/v1/topics/${name}`, { partitions: 5 }), 200).json<TopicBody>().partitions).toBe(
      5,
    );
    const found = await partitionsOf(bus.api, name);
    expect(found.map(({ partition, highWatermark }) => [partition, highWatermark])).toEqual([
      [0, 0],
      [1, 1],
      [2, 0],
      [3, 0],
      [4, 0],
    ]);
    must(await bus.api.post(`/v1/topics/${name}/records`, { records: [{ partition: 4 }] }), 200);
  });

  it('do not shrink and do not change their policy', async () => {
    const { name } = await makeTopic(bus.api, { partitions: 3 });
    for (const method of ['PUT', 'PATCH']) {
      const answer = await bus.api.send(method, `/v1/topics/${name}`, { json: { partitions: 2, retentionMs: 1000 } });
      expectProblem(answer, 409, 'conflict');
    }
    expect(must(await bus.api.get(`/v1/topics/${name}`), 200).json()).toMatchObject({
      partitions: 3,
      retentionMs: 604_800_000,
    });
  });

  it('refuse what this deployment would not do', async (context) => {
    if (!bus.lacks('compaction') && !bus.lacks('zones')) context.skip('this deployment compacts and replicates');
    const specs = [
      ...(bus.lacks('compaction') ? [{ cleanupPolicy: 'compact' }] : []),
      ...(bus.lacks('zones') ? [{ replicationFactor: 2 }] : []),
    ];
    for (const spec of specs) {
      const name = freshName('honest');
      expectProblem(await bus.api.put(`/v1/topics/${name}`, spec), 400, 'invalid_request');
      expectProblem(await bus.api.get(`/v1/topics/${name}`), 404, 'topic_not_found');
    }
    expect(await makeTopic(bus.api, { replicationFactor: 1, writeQuorum: 1 })).toMatchObject({ replicationFactor: 1 });
  });

  describe.each(['PUT', 'PATCH'])('%s', (method) => {
    it.each(REFUSED)('refuses %s', async (_, body) => {
      const made = await makeTopic(bus.api);
      const problem = expectProblem(
        await bus.api.send(method, `/v1/topics/${made.name}`, { json: body }),
        400,
        'invalid_request',
      );
      expect(problem.errors?.map(({ path }) => path)).toContain(Object.keys(body).at(-1));
      expect(must(await bus.api.get(`/v1/topics/${made.name}`), 200).json()).toEqual(made);
    });
  });

  it('are made once, however many ask at once', async () => {
    const name = freshName('race');
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => bus.api.put(`/v1/topics/${name}`, { partitions: 4 })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(15);
    expect(new Set(answers.map((answer) => answer.json<TopicBody>().id)).size).toBe(1);
  });
};
