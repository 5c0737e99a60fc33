import { expect, it } from 'vitest';
import { fetchFrom, must, produce, readPartition } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { FetchedRecord } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

const BAD_QUERIES = [
  'offset=-1',
  'offset=x',
  'offset=',
  'offset=1.0',
  'offset=1e1',
  'offset=%2B1',
  'offset=0x1',
  'offset=%201',
  'offset=1%20',
  'timestamp=-1',
  'timestamp=now',
  'timestamp=',
  'timestamp=2026-01-01T00:00:00Z',
  'tail=-1',
  'tail=x',
  'tail=',
  'from=start',
  'from=',
  'from=EARLIEST',
  'from=5',
  'limit=0',
  'limit=10001',
  'limit=-1',
  'limit=x',
  'limit=',
  'limit=1.5',
  'maxBytes=0',
  'maxBytes=4194305',
  'maxBytes=-1',
  'maxBytes=1e3',
  'waitMs=-1',
  'waitMs=20001',
  'waitMs=x',
  'waitMs=',
  'waitMs=0.5',
  'offset=0&from=earliest',
  'offset=0&timestamp=0',
  'offset=0&tail=1',
  'timestamp=0&tail=1',
  'timestamp=0&from=latest',
  'tail=1&from=latest',
  'offset=0&offset=0',
  'limit=1&limit=2',
  'cursor=abc',
  'partition=0',
  'offsett=0',
];

const HUNDRED = Array.from({ length: 100 }, (_, index) => ({ value: index, timestamp: 1_000_000 + index * 10 }));

export const fetchRecords: Chapter = (bus) => {
  const offsets = (records: readonly FetchedRecord[]): number[] => records.map(({ offset }) => offset);
  const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

  /** A hundred records in requests of 7: none of the answers below may depend on how they were written. */
  const hundred = async (): Promise<string> => {
    const topic = await bus.topic();
    for (let index = 0; index < 100; index += 7) await produce(bus.api, topic, HUNDRED.slice(index, index + 7));
    return topic;
  };

  it('answers the example of the contract', async () => {
    const topic = await bus.topic();
    const record = { timestamp: 1_760_000_000_000, key: 'k', value: { any: 'json' }, headers: { h: 'v' } };
    await produce(bus.api, topic, [record]);
    const answer = must(await bus.api.get(`/v1/topics/${topic}/partitions/0/records`), 200);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.json()).toEqual({
      records: [{ offset: 0, ...record }],
      nextOffset: 1,
      highWatermark: 1,
      logStartOffset: 0,
    });
  });

  it('starts at the earliest record, and where it is told', async () => {
    const topic = await hundred();
    const starts: [string, number][] = [
      ['', 0],
      ['?from=earliest', 0],
      ['?offset=0', 0],
      ['?offset=1', 1],
      ['?offset=50', 50],
      ['?offset=99', 99],
      ['?offset=100', 100],
      ['?from=latest', 100],
      ['?tail=1', 99],
      ['?tail=30', 70],
      ['?tail=100', 0],
      ['?tail=1000', 0],
    ];
    for (const [query, start] of starts) {
      const read = await fetchFrom(bus.api, topic, 0, query);
      expect(offsets(read.records), query).toEqual(range(start, 100));
      expect(read, query).toMatchObject({ nextOffset: 100, highWatermark: 100, logStartOffset: 0 });
      expect(read.records.map(({ value }) => value)).toEqual(range(start, 100));
    }
  });

  it('finds the first record of a time, inside a request too', async () => {
    const topic = await hundred();
    for (const [timestamp, start] of [
      [0, 0],
      [1_000_000, 0],
      [1_000_001, 1],
      [1_000_010, 1],
      [1_000_333, 34],
      [1_000_990, 99],
      [1_000_991, 100],
      [9_000_000_000_000, 100],
    ]) {
      const read = await fetchFrom(bus.api, topic, 0, `?timestamp=${timestamp}&limit=3`);
      expect(offsets(read.records), String(timestamp)).toEqual(range(start ?? 0, Math.min((start ?? 0) + 3, 100)));
    }
  });

  it('finds the first record of at least that time where times go back and forth', async () => {
    const topic = await bus.topic();
    await produce(bus.api, topic, [{ timestamp: 500 }, { timestamp: 100 }]);
    await produce(bus.api, topic, [{ timestamp: 300 }, { timestamp: 900 }, { timestamp: 50 }]);
    await produce(bus.api, topic, [{ timestamp: 700 }]);
    for (const [timestamp, start] of [
      [0, 0],
      [100, 0],
      [500, 0],
      [501, 3],
      [900, 3],
      [901, 6],
    ]) {
      const read = await fetchFrom(bus.api, topic, 0, `?timestamp=${timestamp}`);
      expect(read.records[0]?.offset ?? read.nextOffset, String(timestamp)).toBe(start);
    }
  });

  it('looks for a time behind the log start only', async () => {
    const topic = await hundred();
    must(await bus.api.delete(`/v1/topics/${topic}/partitions/0/records?beforeOffset=40`), 200);
    expect((await fetchFrom(bus.api, topic, 0, '?timestamp=0')).records[0]?.offset).toBe(40);
    expect((await fetchFrom(bus.api, topic, 0, '?timestamp=1000500')).records[0]?.offset).toBe(50);
    expect(offsets((await fetchFrom(bus.api, topic, 0, '?tail=90&limit=1')).records)).toEqual([40]);
  });

  it('answers 416 beyond the high watermark, with the truth', async () => {
    const topic = await hundred();
    for (const offset of [101, 5_000_000_000]) {
      const answer = await bus.api.get(`/v1/topics/${topic}/partitions/0/records?offset=${offset}&waitMs=20000`);
      expect(expectProblem(answer, 416, 'offset_out_of_range')).toMatchObject({
        logStartOffset: 0,
        highWatermark: 100,
      });
    }
  });

  it('gives at most the limit, and 500 where there is none', async () => {
    const topic = await bus.topic();
    await produce(
      bus.api,
      topic,
      Array.from({ length: 1200 }, (_, value) => ({ value })),
    );
    expect((await fetchFrom(bus.api, topic)).records).toHaveLength(500);
    const read = await fetchFrom(bus.api, topic, 0, '?offset=1100&limit=7');
    expect(read).toMatchObject({ nextOffset: 1107, highWatermark: 1200 });
    expect(offsets(read.records)).toEqual(range(1100, 1107));
    expect((await fetchFrom(bus.api, topic, 0, '?limit=10000')).records).toHaveLength(1200);
    for (const limit of [1, 3, 500])
      expect(await readPartition(bus.api, topic, 0, `&limit=${limit}`)).toHaveLength(1200);
  });

  it('gives at most maxBytes, and always the first record', async () => {
    const topic = await bus.topic();
    await produce(
      bus.api,
      topic,
      Array.from({ length: 40 }, (_, index) => ({ value: `${index}-`.padEnd(50_000, 'x') })),
    );
    expect(offsets((await fetchFrom(bus.api, topic, 0, '?maxBytes=1')).records)).toEqual([0]);
    expect(offsets((await fetchFrom(bus.api, topic, 0, '?offset=7&maxBytes=49999')).records)).toEqual([7]);
    const some = await bus.api.get(`/v1/topics/${topic}/partitions/0/records?maxBytes=220000`);
    expect(must(some, 200).bytes.length).toBeLessThanOrEqual(220_500);
    expect(some.json<{ records: unknown[] }>().records).toHaveLength(4);
    const usual = await bus.api.get(`/v1/topics/${topic}/partitions/0/records`);
    expect(usual.bytes.length).toBeLessThanOrEqual(1_048_576 + 500);
    expect(usual.bytes.length).toBeGreaterThan(900_000);
    expect((await fetchFrom(bus.api, topic, 0, '?maxBytes=4194304')).records).toHaveLength(40);
    for (const maxBytes of [1, 60_000, 333_333])
      expect(await readPartition(bus.api, topic, 0, `&maxBytes=${maxBytes}`)).toHaveLength(40);
  });

  it('answers an empty partition with nothing, at once', async () => {
    const topic = await bus.topic();
    for (const query of ['', '?from=latest', '?offset=0', '?tail=5', '?timestamp=0']) {
      expect(await fetchFrom(bus.api, topic, 0, query)).toEqual({
        records: [],
        nextOffset: 0,
        highWatermark: 0,
        logStartOffset: 0,
      });
    }
  });

  it('reads its own writes, at once and from everywhere', async () => {
    const topic = await bus.topic();
    for (let turn = 0; turn < 50; turn += 1) {
      const [placed] = await produce(bus.api, topic, [{ value: turn }]);
      const read = await fetchFrom(bus.api, topic, 0, `?offset=${placed?.offset}`);
      expect(read.records[0]).toMatchObject({ offset: turn, value: turn });
    }
  });

  it.each(BAD_QUERIES)('refuses ?%s', async (query) => {
    const topic = await bus.topic();
    expectProblem(await bus.api.get(`/v1/topics/${topic}/partitions/0/records?${query}`), 400, 'invalid_request');
  });

  it('takes the largest values of its range', async () => {
    const topic = await hundred();
    expect(
      (await fetchFrom(bus.api, topic, 0, '?offset=0&limit=10000&maxBytes=4194304&waitMs=20000')).records,
    ).toHaveLength(100);
  });
};
