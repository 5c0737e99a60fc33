import { expect, it } from 'vitest';
import { fetchTopic, makeTopic, must, produce } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Caller } from '../support/http.ts';
import type { FetchedRecord } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

const BAD_QUERIES = [
  'from=start',
  'from=',
  'from=-1',
  'from=1.5',
  'from=LATEST',
  'offset=0',
  'tail=1',
  'timestamp=0',
  'partition=0',
  'limit=0',
  'limit=10001',
  'limit=x',
  'maxBytes=0',
  'maxBytes=4194305',
  'waitMs=20001',
  'waitMs=-1',
  'from=earliest&from=latest',
  'curser=x',
];

export const fetchTopicCursor: Chapter = (bus) => {
  const spread = (count: number, partitions: number): object[] =>
    Array.from({ length: count }, (_, value) => ({ value, partition: value % partitions, timestamp: 1000 + value }));

  const filled = async (count = 40, partitions = 4): Promise<string> => {
    const topic = await bus.topic(partitions);
    await produce(bus.api, topic, spread(count, partitions));
    return topic;
  };

  /** Follows the cursors until an answer brings nothing. */
  const drain = async (topic: string, start: string, page = '', caller: Caller = bus.api) => {
    const records: FetchedRecord[] = [];
    let answer = await fetchTopic(caller, topic, `?${start}${page}`);
    while (answer.records.length > 0) {
      records.push(...answer.records);
      answer = await fetchTopic(caller, topic, `?cursor=${encodeURIComponent(answer.cursor)}${page}`);
    }
    return { records, cursor: answer.cursor };
  };

  const perPartition = (records: readonly FetchedRecord[]): Map<number, number[]> => {
    const found = new Map<number, number[]>();
    for (const { partition = -1, offset } of records) found.set(partition, [...(found.get(partition) ?? []), offset]);
    return found;
  };

  it('gives every record of every partition once, each partition in order, by pages of any size', async () => {
    const topic = await filled();
    for (const page of ['', '&limit=1', '&limit=7', '&limit=40', '&maxBytes=1', '&maxBytes=300']) {
      const { records } = await drain(topic, 'from=earliest', page);
      expect(records.map(({ value }) => value as number).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 40 }, (_, value) => value),
      );
      for (const [partition, offsets] of perPartition(records)) {
        expect(offsets, `${page} partition ${partition}`).toEqual(Array.from({ length: 10 }, (_, offset) => offset));
      }
    }
  });

  it('names the partition of each record, and begins at the earliest', async () => {
    const topic = await filled(8, 4);
    const { records, skipped } = await fetchTopic(bus.api, topic);
    expect(records).toHaveLength(8);
    for (const record of records) expect(record.partition).toBe(Number(record.value) % 4);
    expect(skipped ?? []).toEqual([]);
  });

  it('obeys limit and maxBytes over all partitions together', async () => {
    const topic = await bus.topic(4);
    await produce(
      bus.api,
      topic,
      Array.from({ length: 40 }, (_, index) => ({ value: 'x'.repeat(10_000), partition: index % 4 })),
    );
    expect((await fetchTopic(bus.api, topic, '?limit=5')).records).toHaveLength(5);
    const answer = must(await bus.api.get(`/v1/topics/${topic}/records?maxBytes=55000`), 200);
    expect(answer.json<{ records: unknown[] }>().records).toHaveLength(5);
    expect((await fetchTopic(bus.api, topic, '?maxBytes=1')).records).toHaveLength(1);
  });

  it('starves no partition', async () => {
    const topic = await bus.topic(3);
    await produce(
      bus.api,
      topic,
      Array.from({ length: 300 }, () => ({ value: 'much', partition: 0 })),
    );
    await produce(bus.api, topic, [{ value: 'little', partition: 2 }]);
    let cursor = (await fetchTopic(bus.api, topic, '?limit=10')).cursor;
    const seen = new Set<unknown>();
    for (let turn = 0; turn < 6 && !seen.has('little'); turn += 1) {
      const answer = await fetchTopic(bus.api, topic, `?limit=10&cursor=${encodeURIComponent(cursor)}`);
      for (const { value } of answer.records) seen.add(value);
      cursor = answer.cursor;
      await produce(
        bus.api,
        topic,
        Array.from({ length: 10 }, () => ({ value: 'much', partition: 0 })),
      );
    }
    const first = (await fetchTopic(bus.api, topic, '?limit=10')).records;
    expect(seen.has('little') || first.some(({ value }) => value === 'little')).toBe(true);
  });

  it('goes on with what came later', async () => {
    const topic = await filled();
    const { cursor } = await drain(topic, 'from=earliest');
    await produce(bus.api, topic, [{ value: 'later', partition: 2 }]);
    const next = await fetchTopic(bus.api, topic, `?cursor=${encodeURIComponent(cursor)}`);
    expect(next.records).toMatchObject([{ value: 'later', partition: 2, offset: 10 }]);
    expect((await fetchTopic(bus.api, topic, `?cursor=${encodeURIComponent(cursor)}`)).records).toHaveLength(1);
  });

  it('from=latest gives nothing of before and all of after', async () => {
    const topic = await filled();
    const { cursor, records } = await fetchTopic(bus.api, topic, '?from=latest');
    expect(records).toEqual([]);
    await produce(bus.api, topic, spread(8, 4));
    expect((await drain(topic, `cursor=${encodeURIComponent(cursor)}`)).records).toHaveLength(8);
  });

  it('from a time begins in each partition at the first record of that time', async () => {
    const topic = await filled();
    const { records } = await drain(topic, 'from=1021', '&limit=3');
    expect(records.map(({ value }) => value as number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 19 }, (_, index) => 21 + index),
    );
    expect((await fetchTopic(bus.api, topic, '?from=9000000000000')).records).toEqual([]);
    expect((await drain(topic, 'from=0')).records).toHaveLength(40);
  });

  it('reads new partitions from their beginning', async () => {
    const topic = await filled(4, 2);
    const { cursor } = await drain(topic, 'from=earliest');
    must(await bus.api.patch(`/v1/topics/${topic}`, { partitions: 4 }), 200);
    await produce(bus.api, topic, [
      { value: 'x', partition: 3 },
      { value: 'y', partition: 0 },
    ]);
    const { records } = await drain(topic, `cursor=${encodeURIComponent(cursor)}`);
    expect(perPartition(records)).toEqual(
      new Map([
        [0, [2]],
        [3, [0]],
      ]),
    );
  });

  it('says what the log start has passed, and goes on there', async () => {
    const topic = await filled();
    const { cursor } = await fetchTopic(bus.api, topic, '?limit=1');
    for (const [partition, before] of [
      [0, 6],
      [1, 10],
    ]) {
      must(await bus.api.delete(`/v1/topics/${topic}/partitions/${partition}/records?beforeOffset=${before}`), 200);
    }
    const first = await fetchTopic(bus.api, topic, `?cursor=${encodeURIComponent(cursor)}`);
    const skipped = [...(first.skipped ?? [])].sort((a, b) => a.partition - b.partition);
    expect(skipped).toMatchObject([
      { topic, partition: 0, to: 6 },
      { topic, partition: 1, to: 10 },
    ]);
    for (const { from } of skipped) expect([0, 1]).toContain(from);
    const rest = await drain(topic, `cursor=${encodeURIComponent(first.cursor)}`);
    const found = perPartition([...first.records, ...rest.records]);
    expect(found.get(0)).toEqual([6, 7, 8, 9]);
    expect(found.has(1)).toBe(false);
    expect((await fetchTopic(bus.api, topic, `?cursor=${encodeURIComponent(first.cursor)}`)).skipped ?? []).toEqual([]);
    expect((await fetchTopic(bus.api, topic, '?from=earliest')).skipped ?? []).toEqual([]);
  });

  // All at once it was a header of 115 KB, which no client reads: whoever came late to many partitions could not go on.
  it('says as much of it in a header of NDJSON as clients read, and the rest in the next answers', async () => {
    const { name } = await makeTopic(bus.api, { partitions: 40 });
    const partitions = Array.from({ length: 40 }, (_, partition) => partition);
    await produce(
      bus.api,
      name,
      [...partitions, ...partitions].map((partition) => ({ partition, value: 1 })),
    );
    let { cursor } = await fetchTopic(bus.api, name, '?limit=1');
    const deleted = partitions.map((p) => bus.api.delete(`/v1/topics/${name}/partitions/${p}/records?beforeOffset=2`));
    for (const answer of await Promise.all(deleted)) must(answer, 200);
    const skipped: number[] = [];
    for (let page = 0; page < 3; page++) {
      const path = `/v1/topics/${name}/records?cursor=${encodeURIComponent(cursor)}`;
      const { headers } = must(await bus.api.get(path, { accept: 'application/x-ndjson' }), 200);
      const header = String(headers['chasqui-skipped']);
      expect(header.length).toBeLessThan(4096);
      skipped.push(...(JSON.parse(header) as { partition: number }[]).map(({ partition }) => partition));
      cursor = String(headers['chasqui-cursor']);
    }
    expect([...skipped].sort((a, b) => a - b)).toEqual(partitions);
  });

  it('gives NDJSON with the cursor in a header', async () => {
    const topic = await filled();
    const headers = { accept: 'application/x-ndjson' };
    const answer = must(await bus.api.get(`/v1/topics/${topic}/records?limit=30`, headers), 200);
    expect(answer.headers['content-type']).toMatch(/^application\/x-ndjson/);
    const cursor = encodeURIComponent(String(answer.headers['chasqui-cursor']));
    const rest = must(await bus.api.get(`/v1/topics/${topic}/records?cursor=${cursor}`, headers), 200);
    const lines = `${answer.text}${rest.text}`
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as FetchedRecord);
    expect(new Set(lines.map(({ partition, offset }) => `${partition}/${offset}`)).size).toBe(40);
    expect(
      (await drain(topic, `cursor=${encodeURIComponent(String(rest.headers['chasqui-cursor']))}`)).records,
    ).toEqual([]);
  });

  it('serves the largest topic there may be', async () => {
    const { name } = await makeTopic(bus.api, { partitions: 1024 });
    await produce(bus.api, name, spread(2048, 1024));
    const { records } = await drain(name, 'from=earliest', '&limit=900');
    expect(new Set(records.map(({ value }) => value)).size).toBe(2048);
    expect(records).toHaveLength(2048);
  });

  it.each(BAD_QUERIES)('refuses ?%s', async (query) => {
    expectProblem(await bus.api.get(`/v1/topics/${await bus.topic()}/records?${query}`), 400, 'invalid_request');
  });
};
