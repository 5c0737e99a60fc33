import { CloudEvent, HTTP } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import { must, valueBytes, watermarks } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Answer } from '../support/http.ts';
import type { FetchedRecord, FetchedTopic, Produced } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

const REQUIRED = { 'ce-specversion': '1.0', 'ce-id': 'e-1', 'ce-source': '/sensors/7', 'ce-type': 'com.example.read' };
const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
const BATCH = { 'content-type': 'application/cloudevents-batch+json' };

const flat = (headers: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

export const events: Chapter = (bus) => {
  const send = (topic: string, body: string | Uint8Array, headers: Record<string, string>): Promise<Answer> =>
    bus.api.send('POST', `/v1/topics/${topic}/events`, { body, headers });

  const stored = async (body: string | Uint8Array, headers: Record<string, string>): Promise<FetchedRecord[]> => {
    const topic = await bus.topic(4);
    const { results } = must(await send(topic, body, headers), 200).json<Produced>();
    const { records } = must(await bus.api.get(`/v1/topics/${topic}/records`), 200).json<FetchedTopic>();
    expect(records).toHaveLength(results.length);
    return results.map(({ partition, offset }) => {
      const found = records.find((record) => record.partition === partition && record.offset === offset);
      if (found === undefined) throw new Error(`No record at ${partition}/${offset}.`);
      return found;
    });
  };

  const event = new CloudEvent({
    id: 'e-1',
    source: '/sensors/7',
    type: 'com.example.read',
    subject: 'room 4',
    time: '2026-01-02T03:04:05.678Z',
    dataschema: 'https://example.com/schema',
    datacontenttype: 'application/json',
    data: { celsius: 21.5 },
    partitionkey: 'sensor-7',
    traceid: 'abc',
  });

  const expectTheEvent = (record: FetchedRecord | undefined): void => {
    expect(record?.key).toBe('sensor-7');
    expect(record?.value).toEqual({ celsius: 21.5 });
    expect(record?.headers).toMatchObject({
      ce_specversion: '1.0',
      ce_id: 'e-1',
      ce_source: '/sensors/7',
      ce_type: 'com.example.read',
      ce_subject: 'room 4',
      ce_time: '2026-01-02T03:04:05.678Z',
      ce_dataschema: 'https://example.com/schema',
      ce_traceid: 'abc',
      ce_partitionkey: 'sensor-7',
      'content-type': 'application/json',
    });
    expect(record?.headers).not.toHaveProperty('ce_datacontenttype');
    expect(record?.headers).not.toHaveProperty('ce_data');
  };

  describe('made by the cloudevents package', () => {
    it('are taken in binary mode', async () => {
      const message = HTTP.binary(event);
      const [record] = await stored(message.body as string, flat(message.headers));
      expectTheEvent(record);
    });

    it('are taken in structured mode', async () => {
      const message = HTTP.structured(event);
      const [record] = await stored(message.body as string, flat(message.headers));
      expectTheEvent(record);
    });

    it('are taken in batches, in order', async () => {
      const made = [1, 2, 3].map((id) => event.cloneWith({ id: `e-${id}`, data: { celsius: id } }));
      const records = await stored(JSON.stringify(made.map((one) => one.toJSON())), BATCH);
      expect(records.map(({ headers }) => headers?.['ce_id'])).toEqual(['e-1', 'e-2', 'e-3']);
      expect(records.map(({ value }) => value)).toEqual([{ celsius: 1 }, { celsius: 2 }, { celsius: 3 }]);
      expect(records.map(({ offset }) => offset)).toEqual([0, 1, 2]);
    });
  });

  describe('keys', () => {
    it.each([
      ['partitionkey', { 'ce-partitionkey': 'p', 'ce-subject': 's' }, 'p'],
      ['else subject', { 'ce-subject': 's' }, 's'],
      ['else none', {}, null],
    ])('are the %s', async (_, headers, key) => {
      const [binary] = await stored('x', { ...REQUIRED, ...headers } as Record<string, string>);
      expect(binary?.key ?? null).toBe(key);
      const named = Object.fromEntries(
        Object.entries({ ...REQUIRED, ...headers }).map(([name, value]) => [name.slice(3), value]),
      );
      const [structured] = await stored(JSON.stringify({ ...named, data: 1 }), STRUCTURED);
      expect(structured?.key ?? null).toBe(key);
    });
  });

  it('are answered like records, and stored dense', async () => {
    const topic = await bus.topic();
    for (const offset of [0, 1]) {
      const answer = must(await send(topic, 'x', REQUIRED), 200).json<Produced>();
      expect(answer.results).toEqual([{ partition: 0, offset, timestamp: expect.any(Number) }]);
    }
  });

  it('are refused by a key that may not produce, an unknown topic and an unknown parameter', async () => {
    const reader = await bus.callerWith([{ actions: ['fetch'], topics: ['*'] }]);
    const topic = await bus.topic();
    expectProblem(
      await reader.send('POST', `/v1/topics/${topic}/events`, { body: 'x', headers: REQUIRED }),
      403,
      'forbidden',
    );
    expectProblem(await send('no-such-topic', 'x', REQUIRED), 404, 'topic_not_found');
    const call = { body: 'x', headers: REQUIRED };
    expectProblem(await bus.api.send('POST', `/v1/topics/${topic}/events?kee=1`, call), 400, 'invalid_request');
  });

  it('are stored once under one Idempotency-Key', async () => {
    const topic = await bus.topic();
    const headers = { ...REQUIRED, 'idempotency-key': 'event-1' };
    const first = must(await send(topic, 'x', headers), 200);
    const second = must(await send(topic, 'x', headers), 200);
    expect(second.text).toBe(first.text);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(await watermarks(bus.api, topic)).toEqual([1]);
  });

  it('hold at most as much as a record', async () => {
    const topic = await bus.topic();
    expectProblem(await send(topic, Buffer.alloc(1_048_577), REQUIRED), 413, 'payload_too_large');
    must(await send(topic, Buffer.alloc(1_048_000), REQUIRED), 200);
    const [record] = must(await bus.api.get(`/v1/topics/${topic}/records?maxBytes=4194304`), 200).json<FetchedTopic>()
      .records;
    expect(record === undefined ? 0 : valueBytes(record)?.length).toBe(1_048_000);
  });
};
