import { expect, it } from 'vitest';
import { fetchTopic, makeTopic, produce } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Caller } from '../support/http.ts';
import type { Chapter } from './bus-under-test.ts';

export const cursors: Chapter = (bus) => {
  const filled = async (): Promise<string> => {
    const topic = await bus.topic(4);
    await produce(
      bus.api,
      topic,
      Array.from({ length: 40 }, (_, value) => ({ value, partition: value % 4 })),
    );
    return topic;
  };

  const refuse = async (topic: string, cursor: string, caller: Caller = bus.api): Promise<void> => {
    expectProblem(
      await caller.get(`/v1/topics/${topic}/records?cursor=${encodeURIComponent(cursor)}`),
      400,
      'invalid_cursor',
    );
  };

  it('does not go with a start', async () => {
    const topic = await filled();
    const { cursor } = await fetchTopic(bus.api, topic);
    for (const start of ['from=earliest', 'from=latest', 'from=0']) {
      const answer = await bus.api.get(`/v1/topics/${topic}/records?cursor=${encodeURIComponent(cursor)}&${start}`);
      expectProblem(answer, 400, 'invalid_request');
    }
  });

  it('is good for its topic only', async () => {
    const { cursor } = await fetchTopic(bus.api, await filled());
    await refuse(await filled(), cursor);
  });

  it('is good for its tenant only, also where the other one has a topic of that name', async () => {
    const stranger = await bus.stranger();
    const topic = await filled();
    await makeTopic(stranger, { partitions: 4 }, topic);
    const { cursor } = await fetchTopic(bus.api, topic);
    await refuse(topic, cursor, stranger);
  });

  it('serves another key of its tenant', async () => {
    const topic = await filled();
    const { cursor } = await fetchTopic(bus.api, topic, '?limit=10');
    const colleague = await bus.callerWith([{ actions: ['fetch'], topics: [topic] }]);
    expect((await fetchTopic(colleague, topic, `?cursor=${encodeURIComponent(cursor)}`)).records).toHaveLength(30);
  });

  it('is refused when it is nonsense, cut off, or changed', async () => {
    const topic = await filled();
    const { cursor } = await fetchTopic(bus.api, topic, '?limit=10');
    for (const wrong of [
      'x',
      '0',
      'AAAAAAAA',
      '{}',
      '\u0000',
      'é',
      cursor.slice(0, -1),
      cursor.slice(1),
      `${cursor}A`,
      cursor + cursor,
      cursor.slice(0, 4),
    ]) {
      await refuse(topic, wrong);
    }
    const changed = Buffer.from(cursor);
    for (let index = 0; index < changed.length; index += 3) {
      const other = Buffer.from(changed);
      other[index] = changed[index] === 0x41 ? 0x42 : 0x41;
      const answer = await bus.api.get(`/v1/topics/${topic}/records?cursor=${encodeURIComponent(other.toString())}`);
      expect([200, 400], other.toString()).toContain(answer.status);
    }
  });

  it('is refused when it is empty', async () => {
    expectProblem(await bus.api.get(`/v1/topics/${await bus.topic()}/records?cursor=`), 400, [
      'invalid_cursor',
      'invalid_request',
    ]);
  });
};
