import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fetchFrom, freshName, must, watermarks } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Answer } from '../support/http.ts';
import type { Produced } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const GZIP = { 'content-encoding': 'gzip' };

export const requestBodies: Chapter = (bus) => {
  const produce = (topic: string, body: Uint8Array | string, headers: Record<string, string>): Promise<Answer> =>
    bus.api.send('POST', `/v1/topics/${topic}/records`, { body, headers });

  describe('content types', () => {
    it.each([
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'application/x-ndjson',
      'text/json',
    ])('refuses %s where the route takes JSON', async (type) => {
      const call = { body: '{"partitions":1}', headers: { 'content-type': type } };
      expectProblem(await bus.api.send('PUT', `/v1/topics/${freshName('type')}`, call), 415, 'unsupported_media_type');
    });

    it.each(['application/json; charset=utf-8', 'Application/JSON', 'application/json;charset="UTF-8"'])(
      'takes %s as JSON',
      async (type) => {
        const name = freshName('type');
        const call = { body: '{"partitions":3}', headers: { 'content-type': type } };
        must(await bus.api.send('PUT', `/v1/topics/${name}`, call), 201);
        must(await produce(name, '{"records":[{"value":{"a":1},"partition":2}]}', { 'content-type': type }), 200);
        expect((await fetchFrom(bus.api, name, 2)).records[0]?.value).toEqual({ a: 1 });
      },
    );

    it('takes a PUT without a body as one that leaves everything out', async () => {
      const name = freshName('bodyless');
      expect(must(await bus.api.send('PUT', `/v1/topics/${name}`), 201).json()).toMatchObject({ name, partitions: 1 });
    });
  });

  it('takes a body in chunks, whatever their size', async () => {
    const topic = await bus.topic();
    const body = `{"records":[{"value":"${'x'.repeat(300_000)}"},{"value":"ž"}]}`;
    for (const size of [1000, 65_536, body.length]) {
      const sent = await bus.api.send('POST', `/v1/topics/${topic}/records`, {
        body,
        chunkBytes: size,
        headers: JSON_TYPE,
      });
      expect(must(sent, 200).json<Produced>().results).toHaveLength(2);
    }
    expect(await watermarks(bus.api, topic)).toEqual([6]);
  });

  describe('Content-Encoding', () => {
    it('takes gzip for JSON, for lines and for plain values', async (context) => {
      if (bus.lacks('compressed-text')) context.skip('this gateway takes compressed JSON for text');
      const topic = await bus.topic();
      must(await produce(topic, gzipSync('{"records":[{"value":"json"}]}'), { ...JSON_TYPE, ...GZIP }), 200);
      must(
        await produce(topic, gzipSync('{"value":"lines"}\n'), { 'content-type': 'application/x-ndjson', ...GZIP }),
        200,
      );
      must(await produce(topic, gzipSync('plain'), { 'content-type': 'text/plain', ...GZIP }), 200);
      const { records } = await fetchFrom(bus.api, topic);
      expect(records.map(({ value }) => value)).toEqual(['json', 'lines', 'plain']);
      const call = { body: gzipSync('{"partitions":2}'), headers: { ...JSON_TYPE, ...GZIP } };
      expect(must(await bus.api.send('PUT', `/v1/topics/${freshName('gz')}`, call), 201).json()).toMatchObject({
        partitions: 2,
      });
    });

    it('takes identity, and gzip in capitals', async (context) => {
      if (bus.lacks('compressed-text')) context.skip('this gateway takes compressed JSON for text');
      const topic = await bus.topic();
      must(await produce(topic, '{"records":[{}]}', { ...JSON_TYPE, 'content-encoding': 'identity' }), 200);
      must(await produce(topic, gzipSync('{"records":[{}]}'), { ...JSON_TYPE, 'content-encoding': 'GZIP' }), 200);
    });

    it('takes gzip for lines, up to as many bytes as without it', async () => {
      const topic = await bus.topic();
      const lines = { 'content-type': 'application/x-ndjson', ...GZIP };
      const spaces = (size: number): Buffer => gzipSync(Buffer.from('{"value":1}'.padEnd(size, ' ')));
      must(await produce(topic, spaces(4_194_304), lines), 200);
      expectProblem(await produce(topic, spaces(4_194_305), lines), 413, 'payload_too_large');
      expectProblem(await produce(topic, spaces(9).subarray(0, -3), lines), 400, 'invalid_request');
      expect(await watermarks(bus.api, topic)).toEqual([1]);
    });

    it.each(['br', 'deflate', 'zstd', 'compress', 'gzip, gzip', 'nonsense'])('refuses %s', async (encoding) => {
      const topic = await bus.topic();
      const answer = await produce(topic, '{"records":[{}]}', { ...JSON_TYPE, 'content-encoding': encoding });
      expectProblem(answer, 415, 'unsupported_media_type');
      expect(await watermarks(bus.api, topic)).toEqual([0]);
    });

    it('refuses what is not gzip, what is cut off and what has a wrong checksum', async (context) => {
      if (bus.lacks('compressed-text')) context.skip('this gateway takes compressed JSON for text');
      const topic = await bus.topic();
      const whole = gzipSync('{"records":[{"value":"x"}]}');
      const flipped = Buffer.from(whole);
      flipped[whole.length - 6] = (flipped[whole.length - 6] ?? 0) ^ 0xff;
      for (const body of [
        Buffer.from('{"records":[{}]}'),
        whole.subarray(0, -5),
        flipped,
        whole.subarray(0, 3),
        Buffer.alloc(0),
      ]) {
        expectProblem(await produce(topic, body, { ...JSON_TYPE, ...GZIP }), 400, ['invalid_request', 'invalid_json']);
      }
      expect(await watermarks(bus.api, topic)).toEqual([0]);
    });

    it('counts the bytes behind the compression', async (context) => {
      if (bus.lacks('compressed-text')) context.skip('this gateway takes compressed JSON for text');
      const topic = await bus.topic();
      const spaces = (size: number): Buffer => gzipSync(Buffer.from('{"records":[{"value":1}]}'.padEnd(size, ' ')));
      must(await produce(topic, spaces(4_194_304), { ...JSON_TYPE, ...GZIP }), 200);
      expectProblem(await produce(topic, spaces(4_194_305), { ...JSON_TYPE, ...GZIP }), 413, 'payload_too_large');
      expectProblem(
        await produce(topic, gzipSync(Buffer.alloc(64_000_000)), { ...JSON_TYPE, ...GZIP }),
        413,
        'payload_too_large',
      );
      expect(await watermarks(bus.api, topic)).toEqual([1]);
    });
  });

  describe('JSON', () => {
    const refused: [string, string | Buffer][] = [
      ['a body that is cut off', '{"partitions": 2'],
      ['two values', '{} {}'],
      ['an array', '[]'],
      ['a string', '"partitions"'],
      ['null', 'null'],
      ['a single quote', "{'partitions': 2}"],
      ['a trailing comma', '{"partitions": 2,}'],
      ['a comment', '{"partitions": 2 /* two */}'],
      ['NaN', '{"partitions": NaN}'],
      ['a leading zero', '{"partitions": 02}'],
      ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
      ['a name given twice', '{"partitions": 2, "partitions": 3}'],
      ['a name given twice, once escaped', '{"partitions": 2, "p\\u0061rtitions": 3}'],
    ];

    it.each(refused)('refuses %s', async (_, body) => {
      const name = freshName('json');
      const answer = await bus.api.send('PUT', `/v1/topics/${name}`, { body, headers: JSON_TYPE });
      expectProblem(answer, 400, ['invalid_json', 'invalid_request']);
      expectProblem(await bus.api.get(`/v1/topics/${name}`), 404, 'topic_not_found');
    });

    it('says invalid_json of what is no JSON at all', async () => {
      const call = { body: '{"partitions": ', headers: JSON_TYPE };
      expectProblem(await bus.api.send('PUT', `/v1/topics/${freshName('json')}`, call), 400, 'invalid_json');
    });

    it('names an unknown field', async () => {
      const problem = expectProblem(
        await bus.api.put(`/v1/topics/${freshName('json')}`, { partition: 2 }),
        400,
        'invalid_request',
      );
      expect(problem.detail).toContain('partition');
      expect(problem.errors?.map(({ path }) => path)).toContain('partition');
    });
  });
};
