import { expect, it } from 'vitest';
import { fetchFrom, must, produce } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { FetchedRecord } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

export const fetchNdjson: Chapter = (bus) => {
  const hundred = async (): Promise<string> => {
    const topic = await bus.topic();
    await produce(
      bus.api,
      topic,
      Array.from({ length: 100 }, (_, value) => ({ value, headers: { h: 'v' } })),
    );
    return topic;
  };
  it('gives a record a line and the numbers in headers', async () => {
    const topic = await hundred();
    const path = `/v1/topics/${topic}/partitions/0/records?offset=10&limit=5`;
    const answer = must(await bus.api.get(path, { accept: 'application/x-ndjson' }), 200);
    expect(answer.headers['content-type']).toMatch(/^application\/x-ndjson/);
    expect(answer.text.endsWith('\n')).toBe(true);
    const lines = answer.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as FetchedRecord);
    expect(lines).toEqual((await fetchFrom(bus.api, topic, 0, '?offset=10&limit=5')).records);
    expect(answer.headers).toMatchObject({
      'chasqui-next-offset': '15',
      'chasqui-high-watermark': '100',
      'chasqui-log-start-offset': '0',
    });
  });

  it('is empty where there is nothing', async () => {
    const answer = must(
      await bus.api.get(`/v1/topics/${await bus.topic()}/partitions/0/records`, { accept: 'application/x-ndjson' }),
      200,
    );
    expect(answer.text).toBe('');
    expect(answer.headers).toMatchObject({
      'chasqui-next-offset': '0',
      'chasqui-high-watermark': '0',
      'chasqui-log-start-offset': '0',
    });
  });

  it.each([
    ['application/json', 'json'],
    ['*/*', 'json'],
    ['application/*', 'json'],
    ['text/html, */*;q=0.1', 'json'],
    ['application/json;q=0.5, application/x-ndjson', 'x-ndjson'],
    ['application/x-ndjson;q=0.1, application/json', 'json'],
    ['Application/X-NDJSON', 'x-ndjson'],
    ['application/x-ndjson; charset=utf-8', 'x-ndjson'],
    ['application/json, application/x-ndjson;q=0', 'json'],
  ])('is chosen as HTTP has it: %s', async (accept, kind) => {
    const answer = must(await bus.api.get(`/v1/topics/${await bus.topic()}/partitions/0/records`, { accept }), 200);
    expect(answer.headers['content-type']).toContain(`application/${kind}`);
  });

  it('refuses to answer in what it cannot write', async () => {
    const topic = await bus.topic();
    for (const accept of ['image/png', 'text/html', 'application/json;q=0']) {
      expectProblem(await bus.api.get(`/v1/topics/${topic}/partitions/0/records`, { accept }), 406, 'not_acceptable');
    }
  });

  it('still tells errors as problem details', async () => {
    const topic = await bus.topic();
    const answer = await bus.api.get(`/v1/topics/${topic}/partitions/0/records?offset=5`, {
      accept: 'application/x-ndjson',
    });
    expectProblem(answer, 416, 'offset_out_of_range');
  });
};
