import { describe, expect, it } from 'vitest';
import { fetchFrom, must, valueBytes, watermarks } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Answer } from '../support/http.ts';
import type { FetchedRecord, Produced } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

const MIB = 1_048_576;

export const produceRaw: Chapter = (bus) => {
  const send = (
    topic: string,
    body: string | Uint8Array,
    headers: Record<string, string> = {},
    query = '',
  ): Promise<Answer> => bus.api.send('POST', `/v1/topics/${topic}/records${query}`, { body, headers });

  const stored = async (
    body: string | Uint8Array,
    headers: Record<string, string> = {},
    query = '',
  ): Promise<FetchedRecord> => {
    const topic = await bus.topic();
    expect(must(await send(topic, body, headers, query), 200).json<Produced>().results).toHaveLength(1);
    const [record] = (await fetchFrom(bus.api, topic)).records;
    if (record === undefined) throw new Error('The record is not there.');
    return record;
  };

  it.each([
    'text/plain',
    'text/plain; charset=utf-8',
    'application/octet-stream',
    'text/csv',
    'application/vnd.acme+json',
  ])('keeps the body as the value and %s as the header content-type', async (type) => {
    const record = await stored('a,b,c', { 'content-type': type });
    expect(valueBytes(record)?.toString()).toBe('a,b,c');
    expect(record.headers).toEqual({ 'content-type': type });
  });

  it('keeps a body without a content type, and makes no header of it', async () => {
    const record = await stored('plain');
    expect(valueBytes(record)?.toString()).toBe('plain');
    expect(record.headers ?? {}).toEqual({});
  });

  it('keeps any bytes', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const record = await stored(bytes, { 'content-type': 'application/octet-stream' });
    expect(record.valueBase64).toBe(bytes.toString('base64'));
    expect(record).not.toHaveProperty('value');
  });

  it('takes an empty body as an empty value, not as a tombstone', async () => {
    for (const headers of [{}, { 'content-type': 'text/plain' }]) {
      const record = await stored('', headers as Record<string, string>);
      expect(valueBytes(record)?.length).toBe(0);
    }
  });

  it('takes lines and JSON under another name as one value', async () => {
    expect(valueBytes(await stored('{"value":1}\n{"value":2}\n', { 'content-type': 'text/plain' }))?.toString()).toBe(
      '{"value":1}\n{"value":2}\n',
    );
    expect(
      valueBytes(await stored('{"records": 1}', { 'content-type': 'application/geo+json' }))
        ?.toString()
        .replace(' ', ''),
    ).toBe('{"records":1}');
    expect(valueBytes(await stored('not json {', { 'content-type': 'application/cloudevents' }))?.toString()).toBe(
      'not json {',
    );
  });

  describe('the query', () => {
    it('names the key, percent-encoded, and an empty key is a key', async () => {
      expect((await stored('v', {}, '?key=k')).key).toBe('k');
      expect((await stored('v', {}, `?key=${encodeURIComponent('a b&c=d/🔑')}`)).key).toBe('a b&c=d/🔑');
      expect((await stored('v', {}, '?key=')).key).toBe('');
      expect((await stored('v')).key ?? null).toBeNull();
    });

    it('names the partition', async () => {
      const topic = await bus.topic(4);
      const answer = must(await send(topic, 'v', {}, '?key=k&partition=3'), 200).json<Produced>();
      expect(answer.results[0]).toMatchObject({ partition: 3, offset: 0 });
      expect((await fetchFrom(bus.api, topic, 3)).records[0]).toMatchObject({ key: 'k', offset: 0 });
    });

    it('has to name a partition that is there, by its own name', async () => {
      const topic = await bus.topic(4);
      for (const headers of [{}, { 'idempotency-key': 'k' }] as const) {
        const { detail } = expectProblem(await send(topic, 'v', headers, '?partition=4'), 400, 'invalid_request');
        expect(detail).toMatch(/^partition .*0 to 3/);
      }
      expect(await watermarks(bus.api, topic)).toEqual([0, 0, 0, 0]);
    });

    it.each([
      '?partition=-1',
      '?partition=x',
      '?partition=',
      '?partition=1.0',
      '?partition=1&partition=2',
      '?key=%FF',
      '?key=a&key=b',
      '?valu=1',
    ])('is refused when it is %s', async (query) => {
      const topic = await bus.topic(4);
      expectProblem(await send(topic, 'v', {}, query), 400, 'invalid_request');
      expect(await watermarks(bus.api, topic)).toEqual([0, 0, 0, 0]);
    });
  });

  describe('Chasqui-Header-<name>', () => {
    it('becomes a header of the record', async () => {
      const record = await stored('v', {
        'chasqui-header-trace': 'abc',
        'Chasqui-Header-X-Y': 'z, and more',
        'content-type': 'text/plain',
      });
      expect(record.headers).toEqual({ trace: 'abc', 'x-y': 'z, and more', 'content-type': 'text/plain' });
    });

    it('may be empty', async () => {
      expect((await stored('v', { 'chasqui-header-empty': '' })).headers).toEqual({ empty: '' });
    });

    it('needs a name', async () => {
      const topic = await bus.topic();
      expectProblem(await send(topic, 'v', { 'chasqui-header-': 'x' }), 400, 'invalid_request');
      expect(await watermarks(bus.api, topic)).toEqual([0]);
    });
  });

  it('is at most 1,048,576 bytes', async () => {
    const topic = await bus.topic();
    must(await send(topic, Buffer.alloc(MIB, 'x')), 200);
    expectProblem(await send(topic, Buffer.alloc(MIB + 1, 'x')), 413, 'payload_too_large');
    expectProblem(await send(topic, Buffer.alloc(MIB, 'x'), { 'chasqui-header-h': 'v' }), 413, 'payload_too_large');
    expectProblem(await send(topic, Buffer.alloc(MIB, 'x'), {}, '?key=k'), 413, 'payload_too_large');
    must(await send(topic, Buffer.alloc(MIB - 2, 'x'), { 'chasqui-header-h': 'v' }), 200);
    expect(await watermarks(bus.api, topic)).toEqual([2]);
  });
};
