import { expect, it } from 'vitest';
import { fetchFrom, fetchTopic, makeTopic, must, partitionsOf, produce } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Chapter } from './bus-under-test.ts';

export const topicLifetimes: Chapter = (bus) => {
  it('a deleted topic is gone, for every route', async () => {
    const { name } = await makeTopic(bus.api);
    await produce(bus.api, name, [{ value: 1 }]);
    must(await bus.api.delete(`/v1/topics/${name}`), 204);
    for (const rest of ['', '/partitions', '/records', '/partitions/0/records']) {
      expectProblem(await bus.api.get(`/v1/topics/${name}${rest}`), 404, 'topic_not_found');
    }
    expectProblem(await bus.api.delete(`/v1/topics/${name}`), 404, 'topic_not_found');
    expectProblem(await bus.api.post(`/v1/topics/${name}/records`, { records: [{}] }), 404, 'topic_not_found');
    expectProblem(
      await bus.api.delete(`/v1/topics/${name}/partitions/0/records?beforeOffset=0`),
      404,
      'topic_not_found',
    );
    expect(must(await bus.api.get(`/v1/topics?prefix=${name}`), 200).json()).toMatchObject({ data: [] });
  });

  it('a topic made again has another id and nothing of the old one', async () => {
    const old = await makeTopic(bus.api, { partitions: 2 });
    await produce(bus.api, old.name, [
      { value: 'old', partition: 0 },
      { value: 'old', partition: 1 },
    ]);
    must(await bus.api.delete(`/v1/topics/${old.name}`), 204);
    const anew = await makeTopic(bus.api, { partitions: 1 }, old.name);
    expect(anew.id).not.toBe(old.id);
    const [partition] = await partitionsOf(bus.api, old.name);
    expect(partition).toEqual({ partition: 0, logStartOffset: 0, highWatermark: 0, retainedBytes: 0 });
    expect((await fetchFrom(bus.api, old.name)).records).toEqual([]);
    const [placed] = await produce(bus.api, old.name, [{ value: 'new' }]);
    expect(placed?.offset).toBe(0);
    expect((await fetchFrom(bus.api, old.name)).records.map(({ value }) => value)).toEqual(['new']);
  });

  it('a cursor of the old topic does not apply to the new one', async () => {
    const { name } = await makeTopic(bus.api);
    await produce(bus.api, name, [{ value: 'old' }]);
    const { cursor } = await fetchTopic(bus.api, name);
    must(await bus.api.delete(`/v1/topics/${name}`), 204);
    await makeTopic(bus.api, {}, name);
    const answer = await bus.api.get(`/v1/topics/${name}/records?cursor=${encodeURIComponent(cursor)}`);
    expectProblem(answer, 400, 'invalid_cursor');
  });

  it('writers that race with a deletion get offsets or a 404, and nothing else', async () => {
    const { name } = await makeTopic(bus.api, { partitions: 2 });
    const writers = Array.from({ length: 16 }, async () => {
      for (let turn = 0; turn < 30; turn += 1) {
        const answer = await bus.api.post(`/v1/topics/${name}/records`, { records: [{ value: turn }] });
        if (answer.status === 404) return expectProblem(answer, 404, 'topic_not_found');
        must(answer, 200);
      }
      return undefined;
    });
    await fetchFrom(bus.api, name);
    must(await bus.api.delete(`/v1/topics/${name}`), 204);
    await Promise.all(writers);
    await makeTopic(bus.api, { partitions: 2 }, name);
    expect((await partitionsOf(bus.api, name)).map(({ highWatermark }) => highWatermark)).toEqual([0, 0]);
  });

  it('a long poll on a topic that is deleted ends, with nothing or with 404', async () => {
    const { name } = await makeTopic(bus.api);
    const polls = [
      bus.api.get(`/v1/topics/${name}/partitions/0/records?waitMs=2000`),
      bus.api.get(`/v1/topics/${name}/records?waitMs=2000`),
    ];
    await fetchFrom(bus.api, name);
    must(await bus.api.delete(`/v1/topics/${name}`), 204);
    for (const answer of await Promise.all(polls)) {
      if (answer.status === 404) expectProblem(answer, 404, 'topic_not_found');
      else expect(must(answer, 200).json()).toMatchObject({ records: [] });
    }
  });
};
