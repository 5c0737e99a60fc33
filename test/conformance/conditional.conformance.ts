import { expect, it } from 'vitest';
import { fetchFrom, must, produce, watermarks } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Answer } from '../support/http.ts';
import type { Produced } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

export const conditional: Chapter = (bus) => {
  const send = (topic: string, expected: number | string, records: readonly object[]): Promise<Answer> =>
    bus.api.post(`/v1/topics/${topic}/records?expectedOffset=${expected}`, { records });

  it('appends when the offset is the high watermark', async () => {
    const topic = await bus.topic();
    expect(must(await send(topic, 0, [{ value: 'a' }, { value: 'b' }]), 200).json<Produced>().results[0]?.offset).toBe(
      0,
    );
    expect(must(await send(topic, 2, [{ value: 'c' }]), 200).json<Produced>().results[0]?.offset).toBe(2);
    expect((await fetchFrom(bus.api, topic)).records.map(({ value }) => value)).toEqual(['a', 'b', 'c']);
  });

  it('answers 412 with the truth when it is not, and appends nothing', async () => {
    const topic = await bus.topic();
    await produce(bus.api, topic, [{}, {}, {}]);
    for (const expected of [0, 2, 4, 1000]) {
      const problem = expectProblem(await send(topic, expected, [{}]), 412, 'precondition_failed');
      expect(problem).toMatchObject({ expectedOffset: expected, highWatermark: 3, retryable: false });
    }
    expect(await watermarks(bus.api, topic)).toEqual([3]);
  });

  it('is about the partition that the records go to', async () => {
    const topic = await bus.topic(3);
    await produce(bus.api, topic, [{ partition: 1 }, { partition: 1 }]);
    must(await send(topic, 2, [{ partition: 1 }, { partition: 1 }]), 200);
    must(await send(topic, 0, [{ partition: 2 }]), 200);
    expectProblem(await send(topic, 0, [{ partition: 1 }]), 412, 'precondition_failed');
    expect(await watermarks(bus.api, topic)).toEqual([0, 4, 1]);
  });

  it('takes keys that fall into one partition and refuses records of two', async () => {
    const topic = await bus.topic(2);
    must(await send(topic, 0, [{ key: 'same' }, { key: 'same' }]), 200);
    const before = await watermarks(bus.api, topic);
    for (const expected of [0, 2]) {
      expectProblem(await send(topic, expected, [{ partition: 0 }, { partition: 1 }]), 400, 'invalid_request');
    }
    expect(await watermarks(bus.api, topic)).toEqual(before);
  });

  it('works for lines and for plain values', async () => {
    const topic = await bus.topic();
    const path = `/v1/topics/${topic}/records?expectedOffset`;
    const lines = { body: '{"value":1}\n{"value":2}\n', headers: { 'content-type': 'application/x-ndjson' } };
    must(await bus.api.send('POST', `${path}=0`, lines), 200);
    expectProblem(await bus.api.send('POST', `${path}=0`, lines), 412, 'precondition_failed');
    must(await bus.api.send('POST', `${path}=2&key=k&partition=0`, { body: 'plain' }), 200);
    expectProblem(await bus.api.send('POST', `${path}=2`, { body: 'plain' }), 412, 'precondition_failed');
    expect(await watermarks(bus.api, topic)).toEqual([3]);
  });

  it('lets one of many win, again and again', async () => {
    const topic = await bus.topic();
    for (let round = 0; round < 6; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, writer) => send(topic, round * 2, [{ value: writer }, { value: writer }])),
      );
      const winners = answers.filter(({ status }) => status === 200);
      expect(winners).toHaveLength(1);
      for (const answer of answers.filter(({ status }) => status !== 200)) {
        const problem = expectProblem(answer, 412, 'precondition_failed');
        expect(problem.highWatermark).toBe(round * 2 + 2);
      }
    }
    expect(await watermarks(bus.api, topic)).toEqual([12]);
  });

  it('does not disturb writers without a condition', async () => {
    const topic = await bus.topic();
    const mixed = Array.from({ length: 40 }, (_, index) =>
      index % 4 === 0
        ? send(topic, 0, [{ value: 'only at the start' }])
        : bus.api.post(`/v1/topics/${topic}/records`, { records: [{ value: index }] }),
    );
    const answers = await Promise.all(mixed);
    answers.forEach(({ status }, index) => {
      expect(index % 4 === 0 ? [200, 412] : [200]).toContain(status);
    });
    const stored = answers.filter(({ status }) => status === 200);
    expect(new Set(stored.map((answer) => answer.json<Produced>().results[0]?.offset)).size).toBe(stored.length);
    expect(await watermarks(bus.api, topic)).toEqual([stored.length]);
  });

  it('counts after a trim as before: the high watermark stays', async () => {
    const topic = await bus.topic();
    await produce(bus.api, topic, [{}, {}]);
    must(await bus.api.delete(`/v1/topics/${topic}/partitions/0/records?beforeOffset=2`), 200);
    expectProblem(await send(topic, 0, [{}]), 412, 'precondition_failed');
    must(await send(topic, 2, [{}]), 200);
  });

  it.each(['-1', 'x', '', '1.5', '1e0', '%2B1', '0x0', '99999999999999999999', '0&expectedOffset=0'])(
    'refuses expectedOffset=%s',
    async (expected) => {
      const topic = await bus.topic();
      expectProblem(await send(topic, expected, [{}]), 400, 'invalid_request');
      expect(await watermarks(bus.api, topic)).toEqual([0]);
    },
  );
};
