import { describe, expect, it } from 'vitest';
import {
  bufferedEvents,
  type Stream,
  startOfStream,
  streamEvents,
} from '../../../functions/subscribe/stream-events.ts';
import type { TopicStart } from '../../../shared/log/fetch-topic.ts';
import { deleteTopic } from '../../../shared/tenancy/topics.ts';
import { ACME } from '../../support/index-fixtures.ts';
import { createLogUnderTest, type LogUnderTest, recordOf } from '../../support/log-under-test.ts';

const EARLIEST: TopicStart = { kind: 'earliest' };
const LATEST: TopicStart = { kind: 'latest' };

const portsOf = (log: LogUnderTest) => ({ ...log.ports, cache: log.cache });

const open = async (log: LogUnderTest, start: TopicStart, fields: Partial<Stream> = {}) => {
  const { topic } = log;
  const cursor = await startOfStream(portsOf(log), { tenant: ACME, topic }, start);
  const abort = new AbortController();
  const stream = { tenant: ACME, topic, cursor, abort: abort.signal, isOpen: async () => true, ...fields };
  return { stream, abort, parts: streamEvents(portsOf(log), stream) };
};

const next = async (parts: AsyncGenerator<Uint8Array, void>): Promise<string | undefined> => {
  const { value } = await parts.next();
  return value === undefined ? undefined : Buffer.from(value).toString();
};

const idsIn = (text: string): string[] => [...text.matchAll(/^id: (.+)$/gm)].map(([, id = '']) => id);
const valuesIn = (text: string): unknown[] =>
  [...text.matchAll(/^data: (\{"offset.+)$/gm)].map(([, json = '']) => (JSON.parse(json) as { value: unknown }).value);

describe('streamEvents', () => {
  it('begins with the cursor, and gives each record as an event with the cursor behind it', async () => {
    const log = await createLogUnderTest(2);
    await log.produce([recordOf('a', { partition: 0 }), recordOf('b', { partition: 1 })]);
    const { parts } = await open(log, EARLIEST);
    expect(await next(parts)).toMatch(/^retry: 1000\nid: \S+\n\n$/);
    const events = (await next(parts)) ?? '';
    expect(events).toMatch(/^(id: \S+\nevent: record\ndata: \{"offset":0,"partition":[01],.+\}\n\n){2}$/);
    expect(valuesIn(events)).toEqual(['a', 'b']);
    const resumed = await open(log, { kind: 'cursor', cursor: idsIn(events)[0] ?? '' });
    await next(resumed.parts);
    expect(valuesIn((await next(resumed.parts)) ?? '')).toEqual(['b']);
  });

  it('keeps a value with line ends on one line', async () => {
    const log = await createLogUnderTest(1);
    await log.produce([recordOf('{"a":\n[1,\r\n2]}', { valueFormat: 1 })]);
    const { parts } = await open(log, EARLIEST);
    await next(parts);
    expect(valuesIn((await next(parts)) ?? '')).toEqual([{ a: [1, 2] }]);
  });

  it('reads one partition where only one is asked for', async () => {
    const log = await createLogUnderTest(3);
    for (const partition of [0, 1, 2, 1]) await log.produce([recordOf(`${partition}`, { partition })]);
    const { parts } = await open(log, EARLIEST, { partition: 1 });
    await next(parts);
    expect(valuesIn((await next(parts)) ?? '')).toEqual(['1', '1']);
  });

  it('waits for records, and says every 15 s that it is still there', async () => {
    const log = await createLogUnderTest(1);
    const { parts } = await open(log, LATEST);
    await next(parts);
    const quiet = next(parts);
    await log.ports.clock.advance(14_999);
    await expect(Promise.race([quiet, Promise.resolve('nothing yet')])).resolves.toBe('nothing yet');
    await log.ports.clock.advance(1);
    expect(await quiet).toBe(': heartbeat\n\n');
    const waiting = next(parts);
    await log.ports.clock.advance(500);
    await log.produce([recordOf('late')]);
    expect(valuesIn((await waiting) ?? '')).toEqual(['late']);
  });

  it('ends after five minutes with the place to go on from', async () => {
    const log = await createLogUnderTest(1);
    await log.produce([recordOf('a')]);
    const { parts } = await open(log, EARLIEST);
    await next(parts);
    const last = idsIn((await next(parts)) ?? '').at(-1);
    const all: string[] = [];
    const ending = (async () => {
      for (let part = await next(parts); part !== undefined; part = await next(parts)) all.push(part);
    })();
    await log.ports.clock.advance(5 * 60_000);
    await ending;
    expect(all.at(-1)).toBe(`id: ${last}\nevent: reconnect\ndata: {}\n\n`);
    expect(all.filter((part) => part.startsWith(':')).length).toBeGreaterThan(15);
  });

  it('ends with a reconnect when the server closes', async () => {
    const log = await createLogUnderTest(1);
    const { parts, abort } = await open(log, LATEST);
    await next(parts);
    const waiting = next(parts);
    await log.ports.clock.advance(100);
    abort.abort();
    expect(await waiting).toMatch(/event: reconnect/);
    expect(await next(parts)).toBeUndefined();
  });

  it('ends within a second when its key is revoked or its topic deleted', async () => {
    for (const end of ['key', 'topic'] as const) {
      const log = await createLogUnderTest(1);
      let isOpen = true;
      const { parts } = await open(log, LATEST, { isOpen: async () => isOpen });
      await next(parts);
      const waiting = next(parts);
      if (end === 'key') isOpen = false;
      else await deleteTopic(log.ports, ACME, log.topic.name);
      await log.ports.clock.advance(1000);
      expect(await waiting).toBeUndefined();
    }
  });

  it('says what the log start has passed', async () => {
    const log = await createLogUnderTest(1);
    for (const value of ['a', 'b', 'c']) await log.produce([recordOf(value)]);
    const { parts } = await open(log, EARLIEST);
    await next(parts);
    await log.ports.offsets.trim(ACME, { topicId: log.topic.id, partition: 0 }, 2);
    const text = (await next(parts)) ?? '';
    expect(text).toContain('event: skipped\ndata: [{"topic":"orders","partition":0,"from":0,"to":2}]\n\n');
    expect(valuesIn(text)).toEqual(['c']);
    const resumed = await open(log, { kind: 'cursor', cursor: idsIn(text)[0] ?? '' });
    await next(resumed.parts);
    expect(valuesIn((await next(resumed.parts)) ?? '')).toEqual(['c']);
  });

  it('says what the log start has passed since the cursor was given with which it is opened', async () => {
    const log = await createLogUnderTest(2);
    for (const value of ['a', 'b', 'c']) await log.produce([recordOf(value, { partition: 1 })]);
    const { stream } = await open(log, EARLIEST);
    await log.ports.offsets.trim(ACME, { topicId: log.topic.id, partition: 1 }, 2);
    const { parts } = await open(log, { kind: 'cursor', cursor: stream.cursor });
    await next(parts);
    const text = (await next(parts)) ?? '';
    expect(text).toContain('event: skipped\ndata: [{"topic":"orders","partition":1,"from":0,"to":2}]\n\n');
    expect(valuesIn(text)).toEqual(['c']);
  });

  it('answers like a long poll where the front door wants the whole answer at once', async () => {
    const log = await createLogUnderTest(1);
    const { stream } = await open(log, LATEST);
    const waiting = bufferedEvents(portsOf(log), stream, 20_000);
    await log.ports.clock.advance(1000);
    await log.produce([recordOf('late')]);
    const text = (await waiting).toString();
    expect(valuesIn(text)).toEqual(['late']);
    expect(text).toMatch(/event: reconnect\ndata: \{\}\n\n$/);
    expect(idsIn(text).at(-1)).toBe(idsIn(text).at(-2));
  });
});
