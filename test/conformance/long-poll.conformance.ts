import { describe, expect, it } from 'vitest';
import { fetchFrom, must, produce } from '../support/bus.ts';
import type { Answer } from '../support/http.ts';
import type { Fetched, FetchedTopic } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

interface Timed {
  readonly answer: Answer;
  readonly tookMs: number;
}

export const longPoll: Chapter = (bus) => {
  const timed = async (path: string, headers = {}): Promise<Timed> => {
    const since = performance.now();
    const answer = must(await bus.api.get(path, headers), 200);
    return { answer, tookMs: performance.now() - since };
  };

  /** Lets polls that were sent arrive first: another request on the same server, answered. */
  const settle = async (topic: string): Promise<void> => {
    for (let turn = 0; turn < 3; turn += 1) await fetchFrom(bus.api, topic);
  };

  it.concurrent('ends with nothing when its time is over, and not before', async () => {
    const topic = await bus.topic();
    const { answer, tookMs } = await timed(`/v1/topics/${topic}/partitions/0/records?waitMs=700`);
    expect(answer.json()).toEqual({ records: [], nextOffset: 0, highWatermark: 0, logStartOffset: 0 });
    expect(tookMs).toBeGreaterThan(680);
    expect(tookMs).toBeLessThan(2500);
  });

  it.concurrent('does not wait where there is something', async () => {
    const topic = await bus.topic();
    await produce(bus.api, topic, [{ value: 1 }]);
    for (const path of [
      `/v1/topics/${topic}/partitions/0/records?waitMs=20000`,
      `/v1/topics/${topic}/records?waitMs=20000`,
    ]) {
      expect((await timed(path)).tookMs).toBeLessThan(2000);
    }
  });

  it.concurrent('does not wait without waitMs', async () => {
    expect((await timed(`/v1/topics/${await bus.topic()}/partitions/0/records`)).tookMs).toBeLessThan(1000);
  });

  describe.each([
    ['a partition', '/partitions/0/records?waitMs=15000'],
    ['a partition at its end', '/partitions/0/records?from=latest&waitMs=15000'],
    ['a partition by offset', '/partitions/0/records?offset=0&waitMs=15000'],
    ['a partition by time', '/partitions/0/records?timestamp=0&waitMs=15000'],
    ['a partition by tail', '/partitions/0/records?tail=3&waitMs=15000'],
    ['a topic', '/records?waitMs=15000'],
    ['a topic at its end', '/records?from=latest&waitMs=15000'],
  ])('on %s', (_, rest) => {
    it.concurrent('is woken by the commit', async () => {
      const topic = await bus.topic();
      const poll = timed(`/v1/topics/${topic}${rest}`);
      await settle(topic);
      await produce(bus.api, topic, [{ value: 'wake' }]);
      const { answer, tookMs } = await poll;
      expect(answer.json<Fetched>().records).toMatchObject([{ value: 'wake', offset: 0 }]);
      expect(tookMs).toBeLessThan(5000);
    });
  });

  it.concurrent('is not woken by another partition or topic', async () => {
    const topic = await bus.topic(2);
    const other = await bus.topic();
    const poll = timed(`/v1/topics/${topic}/partitions/0/records?waitMs=800`);
    await settle(topic);
    await produce(bus.api, topic, [{ value: 'not mine', partition: 1 }]);
    await produce(bus.api, other, [{ value: 'not mine' }]);
    const { answer, tookMs } = await poll;
    expect(answer.json<Fetched>().records).toEqual([]);
    expect(tookMs).toBeGreaterThan(780);
  });

  it.concurrent('wakes on any partition of a topic, also with a cursor', async () => {
    const topic = await bus.topic(5);
    await produce(bus.api, topic, [{ value: 'before', partition: 1 }]);
    const { cursor } = must(await bus.api.get(`/v1/topics/${topic}/records`), 200).json<FetchedTopic>();
    const poll = timed(`/v1/topics/${topic}/records?waitMs=15000&cursor=${encodeURIComponent(cursor)}`);
    await settle(topic);
    await produce(bus.api, topic, [{ value: 'after', partition: 4 }]);
    expect((await poll).answer.json<FetchedTopic>().records).toMatchObject([{ value: 'after', partition: 4 }]);
  });

  it.concurrent('gives all that one commit brought', async () => {
    const topic = await bus.topic();
    const poll = timed(`/v1/topics/${topic}/partitions/0/records?waitMs=15000`);
    await settle(topic);
    await produce(
      bus.api,
      topic,
      Array.from({ length: 50 }, (_, value) => ({ value })),
    );
    expect((await poll).answer.json<Fetched>().records).toHaveLength(50);
  });

  it.concurrent('wakes everybody', async () => {
    const topic = await bus.topic();
    const polls = Array.from({ length: Math.min(100, bus.target.atOnce) }, () =>
      timed(`/v1/topics/${topic}/partitions/0/records?waitMs=15000`),
    );
    await settle(topic);
    await produce(bus.api, topic, [{ value: 'all' }]);
    for (const { answer } of await Promise.all(polls)) {
      expect(answer.json<Fetched>().records).toMatchObject([{ value: 'all' }]);
    }
  });

  it.concurrent('as NDJSON too', async () => {
    const topic = await bus.topic();
    const poll = timed(`/v1/topics/${topic}/partitions/0/records?waitMs=15000`, { accept: 'application/x-ndjson' });
    await settle(topic);
    await produce(bus.api, topic, [{ value: 'line' }]);
    const { answer } = await poll;
    expect(JSON.parse(answer.text)).toMatchObject({ value: 'line' });
    expect(answer.headers['chasqui-next-offset']).toBe('1');
  });

  it.concurrent('follows a writer record by record, without a gap', async () => {
    const topic = await bus.topic();
    const writer = (async () => {
      for (let value = 0; value < 60; value += 1) await produce(bus.api, topic, [{ value }]);
    })();
    const seen: unknown[] = [];
    for (let offset = 0; offset < 60; ) {
      const read = await fetchFrom(bus.api, topic, 0, `?offset=${offset}&waitMs=10000`);
      seen.push(...read.records.map(({ value }) => value));
      offset = read.nextOffset;
    }
    await writer;
    expect(seen).toEqual(Array.from({ length: 60 }, (_, value) => value));
  });

  it.concurrent('lets go when the client does', async () => {
    const topic = await bus.topic();
    const polls = Array.from({ length: Math.min(20, bus.target.atOnce) }, async () => {
      const call = { signal: AbortSignal.timeout(150) };
      await expect(
        bus.api.send('GET', `/v1/topics/${topic}/partitions/0/records?waitMs=20000`, call),
      ).rejects.toThrow();
    });
    await Promise.all(polls);
    await produce(bus.api, topic, [{ value: 'still alive' }]);
    expect((await fetchFrom(bus.api, topic)).records).toHaveLength(1);
  });
};
