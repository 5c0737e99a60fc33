import { describe, expect, it } from 'vitest';
import { type FetchTopicCall, fetchTopic } from '../../../shared/log/fetch-topic.ts';
import { ACME, refOf, topicIdOf } from '../../support/index-fixtures.ts';
import {
  collectRecords,
  createLogUnderTest,
  type LogUnderTest,
  recordOf,
  topicOf,
} from '../../support/log-under-test.ts';

const BOUNDS = { records: 500, bytes: 1_000_000 };

const fetch = async (log: LogUnderTest, fields: Partial<FetchTopicCall> = {}) => {
  const sink = collectRecords();
  const call = {
    tenant: ACME,
    topic: log.topic,
    start: { kind: 'earliest' },
    bounds: BOUNDS,
    waitMs: 0,
    ...fields,
  } as const;
  const fetched = await fetchTopic({ ...log.ports, cache: log.cache }, call, sink);
  return { ...fetched, records: sink.records.map(({ partition, offset }) => `${partition}:${offset}`) };
};

const from = (cursor: string) => ({ start: { kind: 'cursor', cursor } }) as const;

/** As many records in each partition as said, one request each. */
const filled = async (counts: readonly number[]) => {
  const log = await createLogUnderTest(counts.length);
  for (const [partition, count] of counts.entries())
    for (let at = 0; at < count; at++)
      await log.produce([recordOf(`${partition}:${at}`, { partition, timestamp: 1000 + at })]);
  await log.groupCommit.idle();
  return log;
};

const all = (counts: readonly number[]): string[] =>
  counts.flatMap((count, partition) => Array.from({ length: count }, (_, at) => `${partition}:${at}`));

describe('fetchTopic', () => {
  it.each([1, 2, 3, 7, 1000])('gives every record of every partition once, %i a call', async (records) => {
    const counts = [70, 0, 3, 41, 1];
    const log = await filled(counts);
    const seen: string[] = [];
    let page = await fetch(log, { bounds: { ...BOUNDS, records } });
    while (page.records.length > 0) {
      seen.push(...page.records);
      page = await fetch(log, { ...from(page.cursor), bounds: { ...BOUNDS, records } });
    }
    expect([...seen].sort()).toEqual(all(counts).sort());
    for (const partition of [0, 2, 3]) {
      const offsets = seen.filter((id) => id.startsWith(`${partition}:`)).map((id) => Number(id.split(':')[1]));
      expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    }
  });

  it('does not let a busy partition starve the others', async () => {
    const log = await filled([90, 2, 2]);
    const first = await fetch(log, { bounds: { ...BOUNDS, records: 6 } });
    expect(first.records).toEqual(['0:0', '0:1', '1:0', '1:1', '2:0', '2:1']);
    const one = { bounds: { ...BOUNDS, records: 1 } };
    const [a, b] = [await fetch(log, one), await fetch(log, { ...from((await fetch(log, one)).cursor), ...one })];
    expect([a.records, b.records]).toEqual([['0:0'], ['1:0']]);
  });

  it('begins where it is asked to', async () => {
    const log = await filled([5, 3]);
    expect((await fetch(log, { start: { kind: 'latest' } })).records).toEqual([]);
    expect((await fetch(log, { start: { kind: 'timestamp', timestamp: 1002 } })).records).toEqual([
      '0:2',
      '0:3',
      '0:4',
      '1:2',
    ]);
    const { cursor } = await fetch(log, { start: { kind: 'latest' } });
    await log.produce([recordOf('new', { partition: 1 })]);
    expect((await fetch(log, from(cursor))).records).toEqual(['1:3']);
  });

  it('goes on at the log start where that has passed the cursor, and says so', async () => {
    const log = await filled([10, 10]);
    const { cursor } = await fetch(log, { bounds: { ...BOUNDS, records: 4 } });
    await log.ports.offsets.trim(ACME, refOf(0), 7);
    const next = await fetch(log, from(cursor));
    expect(next.skipped).toEqual([{ partition: 0, from: 2, to: 7 }]);
    expect(next.records).toContain('0:7');
    expect(next.records).not.toContain('0:6');
    expect((await fetch(log, from(next.cursor))).skipped).toEqual([]);
    expect((await fetch(log)).skipped).toEqual([]);
  });

  it('skips in as many partitions as there is room to say so, and leaves the others for the next call', async () => {
    const log = await filled([3, 3, 3, 3]);
    const { cursor } = await fetch(log, { bounds: { ...BOUNDS, records: 1 } });
    for (const partition of [0, 1, 2]) await log.ports.offsets.trim(ACME, refOf(partition), 2);
    const first = await fetch(log, { ...from(cursor), mostSkipped: 2, waitMs: 20_000 });
    expect(first.skipped).toEqual([
      { partition: 0, from: 1, to: 2 },
      { partition: 1, from: 0, to: 2 },
    ]);
    expect([...first.records].sort()).toEqual(['0:2', '1:2', '3:0', '3:1', '3:2']);
    const second = await fetch(log, { ...from(first.cursor), mostSkipped: 2 });
    expect(second).toMatchObject({ skipped: [{ partition: 2, from: 0, to: 2 }], records: ['2:2'] });
    expect(await fetch(log, { ...from(second.cursor), mostSkipped: 2 })).toMatchObject({ skipped: [], records: [] });
  });

  it('does not wait for records where there is more to skip', async () => {
    const log = await filled([1, 1]);
    const { cursor } = await fetch(log, { bounds: { ...BOUNDS, records: 0 } });
    for (const partition of [0, 1]) await log.ports.offsets.trim(ACME, refOf(partition), 1);
    const first = await fetch(log, { ...from(cursor), mostSkipped: 1, waitMs: 20_000 });
    expect(first).toMatchObject({ skipped: [{ partition: 0, from: 0, to: 1 }], records: [] });
    expect((await fetch(log, { ...from(first.cursor), mostSkipped: 1 })).skipped).toHaveLength(1);
  });

  it('reads partitions that came later from their start', async () => {
    const log = await filled([2]);
    const { cursor } = await fetch(log);
    await log.ports.offsets.createPartitions(ACME, log.topic.id, 1, 2);
    const grown = topicOf(2);
    await log.produce([recordOf('x', { partition: 1 })], {
      topic: grown,
      placement: { partitions: 2, stickyPartition: 0, timestamp: 1 },
    });
    expect((await fetch(log, { ...from(cursor), topic: grown })).records).toEqual(['1:0']);
  });

  it.each(['', 'AAAA', 'not base64url!', 'x'.repeat(500)])('refuses the cursor %j', async (cursor) => {
    const log = await filled([1]);
    await expect(fetch(log, from(cursor))).rejects.toMatchObject({ code: 'invalid_cursor' });
  });

  it('refuses a cursor of another topic, of a topic made again, and of more partitions', async () => {
    const log = await filled([1, 1]);
    const { cursor } = await fetch(log);
    const other = topicOf(2, { id: topicIdOf(99) });
    await log.ports.offsets.createPartitions(ACME, other.id, 0, 2);
    await expect(fetch(log, { ...from(cursor), topic: other })).rejects.toMatchObject({ code: 'invalid_cursor' });
    await expect(fetch(log, { ...from(cursor), topic: topicOf(1) })).rejects.toMatchObject({ code: 'invalid_cursor' });
  });

  it('refuses every cursor with a changed character', async () => {
    const log = await filled([3, 300]);
    const { cursor } = await fetch(log);
    for (let at = 0; at < cursor.length; at++) {
      const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
      await expect(fetch(log, from(changed))).rejects.toMatchObject({ code: 'invalid_cursor' });
    }
  });

  it('is woken by a commit in any partition, and answers empty when the wait is over', async () => {
    const log = await filled([1, 0, 0]);
    const { cursor } = await fetch(log);
    const waiting = fetch(log, { ...from(cursor), waitMs: 20_000 });
    await log.ports.clock.turn();
    await log.produce([recordOf('x', { partition: 2 })]);
    const woken = await waiting;
    expect(woken.records).toEqual(['2:0']);
    const idle = fetch(log, { ...from(woken.cursor), waitMs: 20_000 });
    await log.ports.clock.turn();
    await log.ports.clock.advance(20_000);
    expect(await idle).toMatchObject({ records: [], cursor: woken.cursor });
  });
});
