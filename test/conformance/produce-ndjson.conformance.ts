import { describe, expect, it } from 'vitest';
import { fetchFrom, must, readPartition, valueBytes, watermarks } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Answer } from '../support/http.ts';
import type { Problem, Produced } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

const NDJSON = { 'content-type': 'application/x-ndjson' };

export const produceNdjson: Chapter = (bus) => {
  const send = (topic: string, body: string | Uint8Array, headers: Record<string, string> = NDJSON): Promise<Answer> =>
    bus.api.send('POST', `/v1/topics/${topic}/records`, { body, headers });

  it('stores a record a line and answers for each, in order', async () => {
    const topic = await bus.topic(2);
    const body =
      '{"value":"a","partition":0}\n{"value":"b","partition":1}\n{"key":"k","value":{"c":1},"partition":0,"headers":{"h":"v"}}\n';
    const { results } = must(await send(topic, body), 200).json<Produced>();
    expect(results.map(({ partition, offset }) => [partition, offset])).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
    ]);
    expect((await fetchFrom(bus.api, topic)).records).toMatchObject([
      { value: 'a' },
      { key: 'k', value: { c: 1 }, headers: { h: 'v' } },
    ]);
  });

  it.each([
    ['no line end at the end', '{"value":1}\n{"value":2}'],
    ['blank lines', '\n\n{"value":1}\n   \n\t\n{"value":2}\n\n'],
    ['line ends of Windows', '{"value":1}\r\n\r\n{"value":2}\r\n'],
    ['spaces around', '  {"value":1}  \n\t{"value":2}\t\n'],
  ])('takes %s', async (_, body) => {
    const topic = await bus.topic();
    expect(must(await send(topic, body), 200).json<Produced>().results).toHaveLength(2);
    expect((await fetchFrom(bus.api, topic)).records.map(({ value }) => value)).toEqual([1, 2]);
  });

  it('takes the content type in capitals and with parameters', async () => {
    const topic = await bus.topic();
    must(await send(topic, '{"value":1}', { 'content-type': 'Application/X-NDJSON; charset=utf-8' }), 200);
    expect((await fetchFrom(bus.api, topic)).records[0]?.value).toBe(1);
  });

  it('keeps values to the byte', async () => {
    const topic = await bus.topic();
    must(await send(topic, '{"value":12345678901234567890}\n{"value": {"a" : 1.0} }\n'), 200);
    const { text } = await bus.api.get(`/v1/topics/${topic}/partitions/0/records`);
    expect(text).toContain('"value":12345678901234567890');
    expect(text).toContain('"value":{"a" : 1.0}');
  });

  it('takes tombstones and bytes', async () => {
    const topic = await bus.topic();
    must(await send(topic, '{"key":"k"}\n{"key":"k","value":null}\n{"valueBase64":"/wA="}\n'), 200);
    const { records } = await fetchFrom(bus.api, topic);
    expect(records.map((record) => valueBytes(record)?.toString('hex'))).toEqual([undefined, undefined, 'ff00']);
  });

  it('takes 10,000 lines, and not one more', async () => {
    const topic = await bus.topic();
    const lines = '{"value":1}\n'.repeat(10_000);
    expect(must(await send(topic, lines), 200).json<Produced>().results).toHaveLength(10_000);
    const more = await send(topic, `${lines}{"value":1}\n`);
    expect([400, 413]).toContain(more.status);
    expect(await watermarks(bus.api, topic)).toEqual([10_000]);
    expect(await readPartition(bus.api, topic, 0, '&limit=3000')).toHaveLength(10_000);
  });

  it.each(['', '\n', '\n \r\n\t\n'])('refuses a body without a record (%j)', async (body) => {
    const topic = await bus.topic();
    expectProblem(await send(topic, body), 400, 'invalid_request');
    expect(await watermarks(bus.api, topic)).toEqual([0]);
  });

  describe('a bad line fails the whole request and is named:', () => {
    const good = '{"value":1}\n';
    const bad: [string, string | Buffer, string[]][] = [
      ['no JSON', '{"value":\n', ['invalid_json']],
      ['two records on a line', '{"value":1} {"value":2}\n', ['invalid_json']],
      ['an array', '[{"value":1}]\n', ['invalid_request']],
      ['a number', '7\n', ['invalid_request']],
      ['null', 'null\n', ['invalid_request']],
      ['an unknown field', '{"vlaue":1}\n', ['invalid_request']],
      ['a partition that is not there', '{"partition":1}\n', ['invalid_request']],
      ['a negative timestamp', '{"timestamp":-5}\n', ['invalid_request']],
      ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22, 0x0a]), ['invalid_json']],
      ['a value over two lines', '{"value":\n1}\n', ['invalid_json']],
    ];

    it.each(bad)('%s', async (_, line, codes) => {
      const topic = await bus.topic();
      const body = Buffer.concat([Buffer.from(good.repeat(17)), Buffer.from(line), Buffer.from(good.repeat(5))]);
      const problem: Problem = expectProblem(await send(topic, body), 400, codes);
      expect(problem.detail).toContain('records[17]');
      expect(await watermarks(bus.api, topic)).toEqual([0]);
    });

    it('also when it is the first or the last', async () => {
      const topic = await bus.topic();
      expect(expectProblem(await send(topic, `{"no":1}\n${good}`), 400, 'invalid_request').detail).toContain(
        'records[0]',
      );
      expect(expectProblem(await send(topic, `${good}${good}{"no":1}`), 400, 'invalid_request').detail).toContain(
        'records[2]',
      );
      expect(await watermarks(bus.api, topic)).toEqual([0]);
    });
  });
};
