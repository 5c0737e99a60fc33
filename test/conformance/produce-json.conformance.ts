import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  fetchFrom,
  freshName,
  must,
  produce,
  produceText,
  readPartition,
  valueBytes,
  watermarks,
} from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { FetchedRecord } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

const REFUSED_RECORDS: [string, string, string][] = [
  ['an unknown field', '{"valeu":1}', 'records[1].valeu'],
  ['a key that is a number', '{"key":7}', 'records[1].key'],
  ['a key with a lone surrogate', '{"key":"\\ud800"}', 'records[1].key'],
  ['key and keyBase64', '{"key":"a","keyBase64":"YQ=="}', 'records[1]'],
  ['value and valueBase64', '{"value":"a","valueBase64":"YQ=="}', 'records[1]'],
  ['bytes that are not base64', '{"valueBase64":"!!!!"}', 'records[1].valueBase64'],
  ['base64 of an impossible length', '{"keyBase64":"A"}', 'records[1].keyBase64'],
  ['base64 with padding inside', '{"valueBase64":"AA==AAAA"}', 'records[1].valueBase64'],
  ['base64 as a number', '{"valueBase64":1}', 'records[1].valueBase64'],
  ['headers as a list', '{"headers":["a"]}', 'records[1].headers'],
  ['a header that is a number', '{"headers":{"a":1}}', 'records[1].headers'],
  ['a header given twice', '{"headers":{"a":"1","a":"2"}}', 'records[1].headers'],
  ['a header without a name', '{"headers":{"":"1"}}', 'records[1].headers'],
  ['a header name of 257 bytes', `{"headers":{"${'h'.repeat(257)}":"1"}}`, 'records[1].headers'],
  ['a header with a lone surrogate', '{"headers":{"a":"\\udc00"}}', 'records[1].headers'],
  ['a timestamp as text', '{"timestamp":"now"}', 'records[1].timestamp'],
  ['a negative timestamp', '{"timestamp":-1}', 'records[1].timestamp'],
  ['half a millisecond', '{"timestamp":1.5}', 'records[1].timestamp'],
  ['a timestamp beyond all dates', '{"timestamp":1e300}', 'records[1].timestamp'],
  ['a partition that is not there', '{"partition":2}', 'records[1].partition'],
  ['a negative partition', '{"partition":-1}', 'records[1].partition'],
  ['a partition as text', '{"partition":"0"}', 'records[1].partition'],
  ['half a partition', '{"partition":0.5}', 'records[1].partition'],
  ['a name given twice', '{"value":1,"value":2}', 'records[1]'],
  ['an offset of its own', '{"offset":0}', 'records[1].offset'],
  ['a record that is null', 'null', 'records[1]'],
  ['a record that is a list', '[]', 'records[1]'],
];

export const produceJson: Chapter = (bus) => {
  const stored = async (record: object): Promise<FetchedRecord> => {
    const topic = await bus.topic();
    await produce(bus.api, topic, [record]);
    const [found] = (await fetchFrom(bus.api, topic)).records;
    if (found === undefined) throw new Error('The record is not there.');
    return found;
  };

  it('answers where each record is, in order, with dense offsets', async () => {
    const topic = await bus.topic(2);
    const before = Date.now();
    const first = await produce(bus.api, topic, [
      { value: 'a', partition: 0 },
      { value: 'b', partition: 1 },
      { value: 'c', partition: 0 },
    ]);
    const second = await produce(bus.api, topic, [
      { value: 'd', partition: 1 },
      { value: 'e', partition: 0 },
    ]);
    const places = [...first, ...second].map(({ partition, offset }) => [partition, offset]);
    expect(places).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
      [0, 2],
    ]);
    for (const placed of [...first, ...second]) {
      expect(Object.keys(placed).sort()).toEqual(['offset', 'partition', 'timestamp']);
      expect(placed.timestamp).toBeGreaterThanOrEqual(before - 5);
      expect(placed.timestamp).toBeLessThanOrEqual(Date.now() + 5);
    }
    expect((await readPartition(bus.api, topic, 0)).map(({ value }) => value)).toEqual(['a', 'c', 'e']);
    expect((await fetchFrom(bus.api, topic)).records[0]?.timestamp).toBe(first[0]?.timestamp);
  });

  it('keeps key, value, headers and timestamp', async () => {
    const record = {
      key: 'clé-🔑',
      value: { any: ['json', 1, null] },
      headers: { h: 'v', 'x-é': 'ü 🎉', empty: '' },
      timestamp: 1_760_000_000_000,
    };
    expect(await stored(record)).toEqual({ offset: 0, ...record });
  });

  it('keeps timestamps from the epoch to far ahead', async () => {
    expect((await stored({ timestamp: 0 })).timestamp).toBe(0);
    expect((await stored({ timestamp: 253_402_300_799_999 })).timestamp).toBe(253_402_300_799_999);
  });

  it('takes a record without a value, or with null, as a tombstone', async () => {
    for (const record of [{ key: 'k' }, { key: 'k', value: null }, { key: 'k', value: null, valueBase64: null }]) {
      const found = await stored(record);
      expect(found.key).toBe('k');
      expect(valueBytes(found)).toBeUndefined();
    }
  });

  it('tells an empty value from none, and an empty key from none', async () => {
    expect(valueBytes(await stored({ valueBase64: '' }))?.length).toBe(0);
    expect((await stored({ value: '' })).value).toBe('');
    expect((await stored({ key: '' })).key).toBe('');
    for (const record of [{}, { key: null }, { key: null, keyBase64: null }]) {
      const found = await stored(record);
      expect(bytesOf(found.key, found.keyBase64)).toBeUndefined();
    }
  });

  it('takes bytes as base64 and gives back what is no text as base64', async () => {
    const bytes = Buffer.from([0, 1, 0xfe, 0xff, 0x80]).toString('base64');
    const found = await stored({ keyBase64: bytes, valueBase64: bytes });
    expect(found).toMatchObject({ keyBase64: bytes, valueBase64: bytes });
    expect(found).not.toHaveProperty('key');
    expect(found).not.toHaveProperty('value');
  });

  it('gives text that came as base64 back as the same bytes', async () => {
    const found = await stored({
      keyBase64: Buffer.from('clé').toString('base64'),
      valueBase64: Buffer.from('texte').toString('base64'),
    });
    expect(found.key).toBe('clé');
    expect(valueBytes(found)?.toString()).toBe('texte');
  });

  it('keeps headers whose names mean something to JavaScript', async () => {
    const topic = await bus.topic();
    must(
      await produceText(bus.api, topic, '{"records":[{"headers":{"__proto__":"p","constructor":"c","toString":"t"}}]}'),
      200,
    );
    const answer = must(await bus.api.get(`/v1/topics/${topic}/partitions/0/records`), 200);
    expect(answer.text).toMatch(/"__proto__" ?: ?"p"/);
    expect(answer.text).toMatch(/"constructor" ?: ?"c"/);
  });

  it('takes header names from 1 to 256 bytes', async () => {
    const headers = { h: '1', ['n'.repeat(256)]: '2', ['é'.repeat(128)]: '3' };
    expect((await stored({ headers })).headers).toEqual(headers);
  });

  it('takes 1 to 10,000 records', async () => {
    const topic = await bus.topic(3);
    const records = Array.from({ length: 10_000 }, (_, index) => ({ value: index, partition: index % 3 }));
    const placed = await produce(bus.api, topic, records);
    expect(placed).toHaveLength(10_000);
    placed.forEach(({ partition, offset }, index) => {
      if (partition !== index % 3 || offset !== Math.floor(index / 3))
        throw new Error(`Record ${index} at ${partition}/${offset}.`);
    });
    const tooMany = await bus.api.post(`/v1/topics/${topic}/records`, { records: [...records, { value: 'one more' }] });
    expect([400, 413]).toContain(tooMany.status);
    expectProblem(tooMany, tooMany.status, ['invalid_request', 'payload_too_large']);
    expectProblem(await bus.api.post(`/v1/topics/${topic}/records`, { records: [] }), 400, 'invalid_request');
    expect(await watermarks(bus.api, topic)).toEqual([3334, 3333, 3333]);
  });

  it('does not make topics', async () => {
    const name = freshName('unmade');
    expectProblem(
      await bus.api.post(`/v1/topics/${name}/records`, { records: [{ value: 1 }] }),
      404,
      'topic_not_found',
    );
    expectProblem(await bus.api.get(`/v1/topics/${name}`), 404, 'topic_not_found');
  });

  describe('refuses a request whole for', () => {
    it.each(REFUSED_RECORDS)('%s', async (_, record, path) => {
      const topic = await bus.topic(2);
      const answer = await produceText(bus.api, topic, `{"records":[{"value":"good"},${record},{"value":"good"}]}`);
      const problem = expectProblem(answer, 400, 'invalid_request');
      expect(problem.detail).toContain('records[1]');
      expect(problem.errors?.[0]?.path.startsWith(path), problem.errors?.[0]?.path).toBe(true);
      expect(await watermarks(bus.api, topic)).toEqual([0, 0]);
    });

    it('a body without records, or with something else', async () => {
      const topic = await bus.topic();
      for (const body of [
        '{}',
        '{"records":null}',
        '{"records":{}}',
        '{"records":"x"}',
        '[{"value":1}]',
        '{"records":[{}],"topic":"x"}',
      ]) {
        expectProblem(await produceText(bus.api, topic, body), 400, 'invalid_request');
      }
      expect(await watermarks(bus.api, topic)).toEqual([0]);
    });

    it('key or partition in the query, which are for plain values', async () => {
      const topic = await bus.topic();
      for (const query of ['?key=k', '?partition=0']) {
        expectProblem(
          await bus.api.post(`/v1/topics/${topic}/records${query}`, { records: [{}] }),
          400,
          'invalid_request',
        );
      }
    });
  });
};
