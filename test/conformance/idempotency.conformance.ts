import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { EVERYTHING, fetchFrom, freshName, makeTopic, must, produce, watermarks } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Answer, Caller } from '../support/http.ts';
import type { Produced } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

export const idempotency: Chapter = (bus) => {
  const send = (
    topic: string,
    key: string,
    records: readonly object[],
    caller: Caller = bus.api,
    query = '',
  ): Promise<Answer> => caller.post(`/v1/topics/${topic}/records${query}`, { records }, { 'idempotency-key': key });

  const expectReplay = (first: Answer, second: Answer): void => {
    expect(second.status).toBe(first.status);
    expect(second.text).toBe(first.text);
    expect(second.headers['content-type']).toBe(first.headers['content-type']);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(second.headers['idempotency-replayed']).toBe('true');
  };

  it('a repeat answers what the first one answered, and stores nothing', async () => {
    const topic = await bus.topic(3);
    const key = freshName('key');
    const records = [{ value: 'a', partition: 0 }, { value: 'b', partition: 2 }, { value: 'c' }];
    const first = must(await send(topic, key, records), 200);
    const after = await watermarks(bus.api, topic);
    await produce(bus.api, topic, [{ value: 'between', partition: 0 }]);
    expectReplay(first, await send(topic, key, records));
    expectReplay(first, await send(topic, key, records));
    const [zero, ...others] = after;
    expect(await watermarks(bus.api, topic)).toEqual([(zero ?? 0) + 1, ...others]);
  });

  it('a replay has a request id of its own', async () => {
    const topic = await bus.topic();
    const answers = [await send(topic, 'own-id', [{}]), await send(topic, 'own-id', [{}])];
    expect(new Set(answers.map((answer) => answer.headers['chasqui-request-id'])).size).toBe(2);
  });

  it('works for lines and for plain values', async () => {
    const topic = await bus.topic();
    for (const [type, body] of [
      ['application/x-ndjson', '{"value":1}\n{"value":2}\n'],
      ['text/plain', 'plain'],
    ]) {
      const headers = { 'content-type': type ?? '', 'idempotency-key': `${topic}-${type}` };
      const call = { body: body ?? '', headers };
      const first = must(await bus.api.send('POST', `/v1/topics/${topic}/records`, call), 200);
      expectReplay(first, await bus.api.send('POST', `/v1/topics/${topic}/records`, call));
    }
    expect(await watermarks(bus.api, topic)).toEqual([3]);
  });

  it('the same key with another body, query or path is refused, and changes nothing', async () => {
    const topic = await bus.topic();
    const other = await bus.topic();
    const key = freshName('key');
    must(await send(topic, key, [{ value: 1 }]), 200);
    for (const answer of [
      await send(topic, key, [{ value: 2 }]),
      await send(topic, key, [{ value: 1 }, { value: 1 }]),
      await send(other, key, [{ value: 1 }]),
      await send(topic, key, [{ value: 1 }], bus.api, '?expectedOffset=1'),
    ]) {
      expect(expectProblem(answer, 422, 'idempotency_key_reused').retryable).toBe(false);
    }
    expect(await watermarks(bus.api, topic)).toEqual([1]);
    expect(await watermarks(bus.api, other)).toEqual([0]);
  });

  it('is about the bytes of the body: another spelling of the same JSON is another body', async () => {
    const topic = await bus.topic();
    const headers = { 'content-type': 'application/json', 'idempotency-key': freshName('bytes') };
    must(await bus.api.send('POST', `/v1/topics/${topic}/records`, { body: '{"records":[{}]}', headers }), 200);
    const spelled = await bus.api.send('POST', `/v1/topics/${topic}/records`, { body: '{"records": [{}]}', headers });
    expectProblem(spelled, 422, 'idempotency_key_reused');
  });

  it('the key belongs to the tenant, not to the API key', async () => {
    const topic = await bus.topic();
    const key = freshName('shared');
    const first = must(await send(topic, key, [{ value: 1 }]), 200);
    const colleague = await bus.callerWith(EVERYTHING);
    expectReplay(first, await send(topic, key, [{ value: 1 }], colleague));
    const stranger = await bus.stranger();
    await makeTopic(stranger, {}, topic);
    const theirs = must(await send(topic, key, [{ value: 'different' }], stranger), 200);
    expect(theirs.headers['idempotency-replayed']).toBeUndefined();
    expect(await watermarks(stranger, topic)).toEqual([1]);
  });

  describe('only answers below 400 are kept:', () => {
    it('a missing topic', async () => {
      const topic = freshName('later');
      const key = freshName('key');
      expectProblem(await send(topic, key, [{ value: 1 }]), 404, 'topic_not_found');
      await makeTopic(bus.api, {}, topic);
      expect(must(await send(topic, key, [{ value: 1 }]), 200).headers['idempotency-replayed']).toBeUndefined();
    });

    it('a bad body', async () => {
      const topic = await bus.topic();
      const key = freshName('key');
      expectProblem(await send(topic, key, [{ partition: 5 }]), 400, 'invalid_request');
      must(await send(topic, key, [{ partition: 0 }]), 200);
      expect(await watermarks(bus.api, topic)).toEqual([1]);
    });

    it('a condition that did not hold', async () => {
      const topic = await bus.topic();
      const key = freshName('key');
      expectProblem(await send(topic, key, [{}], bus.api, '?expectedOffset=1'), 412, 'precondition_failed');
      await produce(bus.api, topic, [{}]);
      const first = must(await send(topic, key, [{}], bus.api, '?expectedOffset=1'), 200);
      expectReplay(first, await send(topic, key, [{}], bus.api, '?expectedOffset=1'));
      expect(await watermarks(bus.api, topic)).toEqual([2]);
    });
  });

  it('a key without the scope gets no replay', async () => {
    const topic = await bus.topic();
    const key = freshName('key');
    must(await send(topic, key, [{ value: 1 }]), 200);
    const reader = await bus.callerWith([{ actions: ['fetch'], topics: ['*'] }]);
    expectProblem(await send(topic, key, [{ value: 1 }], reader), 403, 'forbidden');
  });

  it('many at once: one stores, the others are told so or told to come back', async () => {
    const topic = await bus.topic(4);
    for (let round = 0; round < 5; round += 1) {
      const key = freshName('race');
      const records = Array.from({ length: 20 }, (_, index) => ({ key: `k${index}`, value: round }));
      const answers = await Promise.all(Array.from({ length: 24 }, () => send(topic, key, records)));
      const done = answers.filter(({ status }) => status === 200);
      expect(done.filter((answer) => answer.headers['idempotency-replayed'] === undefined)).toHaveLength(1);
      expect(new Set(done.map(({ text }) => text)).size).toBe(1);
      for (const answer of answers.filter(({ status }) => status !== 200)) {
        expect(expectProblem(answer, 409, 'idempotency_in_flight').retryable).toBe(true);
      }
      const replay = must(await send(topic, key, records), 200);
      expect(replay.text).toBe(done[0]?.text);
      const total = (await watermarks(bus.api, topic)).reduce((sum, one) => sum + one, 0);
      expect(total).toBe(20 * (round + 1));
    }
  });

  it('many at once with different bodies: one body wins', async () => {
    const topic = await bus.topic();
    const key = freshName('race');
    const answers = await Promise.all(Array.from({ length: 12 }, (_, value) => send(topic, key, [{ value }])));
    const stored = answers.filter(({ status }) => status === 200);
    expect(stored).toHaveLength(1);
    for (const { status } of answers) expect([200, 409, 422]).toContain(status);
    const [winner] = (await fetchFrom(bus.api, topic)).records;
    expect(answers[Number(winner?.value)]?.status).toBe(200);
    expect(await watermarks(bus.api, topic)).toEqual([1]);
  });

  it('a large answer is replayed whole', async () => {
    const topic = await bus.topic(2);
    const records = Array.from({ length: 10_000 }, (_, index) => ({ partition: index % 2 }));
    const first = must(await send(topic, 'large', records), 200);
    expectReplay(first, await send(topic, 'large', records));
    expect(first.json<Produced>().results).toHaveLength(10_000);
  });

  it('works for as many partitions as a topic may have', async () => {
    const topic = await bus.topic(1024);
    const records = Array.from({ length: 1024 }, (_, partition) => ({ partition, value: partition }));
    const key = freshName('wide');
    const first = must(await send(topic, key, records), 200);
    expectReplay(first, await send(topic, key, records));
    const { results } = first.json<Produced>();
    expect(results.map(({ partition, offset }) => [partition, offset])).toEqual(
      records.map(({ partition }) => [partition, 0]),
    );
    expect(await watermarks(bus.api, topic)).toEqual(records.map(() => 1));
  });

  it('a compressed repeat of the same request is the same request', async (context) => {
    if (bus.lacks('compressed-text')) context.skip('this gateway takes compressed JSON for text');
    const topic = await bus.topic();
    const headers = {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'idempotency-key': freshName('gz'),
    };
    const call = { body: gzipSync('{"records":[{}]}'), headers };
    const first = must(await bus.api.send('POST', `/v1/topics/${topic}/records`, call), 200);
    expectReplay(first, await bus.api.send('POST', `/v1/topics/${topic}/records`, call));
  });

  it('the key is 1 to 255 visible ASCII characters', async () => {
    const topic = await bus.topic();
    for (const key of ['k', '~!"#$%&()*+,-./:;<=>?@[]^_`{|}', 'x'.repeat(255)]) must(await send(topic, key, [{}]), 200);
    for (const key of ['', 'x'.repeat(256), 'two words', 'caf\u00e9', 'a\tb']) {
      expectProblem(await send(topic, key, [{}]), 400, 'invalid_request');
    }
    expect(await watermarks(bus.api, topic)).toEqual([3]);
  });
};
