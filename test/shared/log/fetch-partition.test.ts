import { describe, expect, it } from 'vitest';
import { type FetchPartitionCall, fetchPartition } from '../../../shared/log/fetch-partition.ts';
import { BlobUnreadableError } from '../../../shared/ports/blob-store.ts';
import { ACME, refOf, TOPIC } from '../../support/index-fixtures.ts';
import { collectRecords, createLogUnderTest, type LogUnderTest, recordOf } from '../../support/log-under-test.ts';

const BOUNDS = { records: 500, bytes: 1_000_000 };

const fetch = async (log: LogUnderTest, fields: Partial<FetchPartitionCall> = {}) => {
  const sink = collectRecords();
  const call = {
    tenant: ACME,
    ref: refOf(),
    start: { kind: 'earliest' },
    bounds: BOUNDS,
    waitMs: 0,
    ...fields,
  } as const;
  const fetched = await fetchPartition({ ...log.ports, cache: log.cache }, call, sink);
  return {
    ...fetched,
    values: sink.records.map(({ value }) => value),
    offsets: sink.records.map(({ offset }) => offset),
  };
};

/** `count` records of ten bytes, in entries of three, their timestamps 1000, 1010, 1020 … */
const filled = async (count: number) => {
  const log = await createLogUnderTest();
  for (let at = 0; at < count; at += 3)
    await log.produce(
      Array.from({ length: Math.min(3, count - at) }, (_, n) =>
        recordOf(`record-${String(at + n).padStart(3, '0')}`, { timestamp: 1000 + (at + n) * 10 }),
      ),
    );
  await log.groupCommit.idle();
  return log;
};

describe('fetchPartition', () => {
  it('reads on from any offset to the high watermark, through segments and tail', async () => {
    const log = await filled(301);
    for (const offset of [0, 1, 95, 96, 97, 192, 299, 300, 301]) {
      const { offsets, nextOffset, highWatermark } = await fetch(log, { start: { kind: 'offset', offset } });
      expect(offsets).toEqual(Array.from({ length: 301 - offset }, (_, at) => offset + at));
      expect([nextOffset, highWatermark]).toEqual([301, 301]);
    }
  });

  it('stops at the record limit and goes on where it stopped', async () => {
    const log = await filled(50);
    const first = await fetch(log, { bounds: { records: 7, bytes: 1_000_000 } });
    expect(first).toMatchObject({ offsets: [0, 1, 2, 3, 4, 5, 6], nextOffset: 7, highWatermark: 50 });
    const start = { kind: 'offset', offset: first.nextOffset } as const;
    expect((await fetch(log, { start, bounds: { records: 2, bytes: 1_000_000 } })).offsets).toEqual([7, 8]);
  });

  it('stops at the byte limit, but always gives the first record', async () => {
    const log = await filled(50);
    expect((await fetch(log, { bounds: { records: 500, bytes: 1 } })).offsets).toEqual([0]);
    expect((await fetch(log, { bounds: { records: 500, bytes: 35 } })).offsets).toEqual([0, 1, 2]);
  });

  it.each([
    [0, 0],
    [1000, 0],
    [1001, 1],
    [1990, 99],
    [1991, 100],
    [9999, 100],
  ])('starts at the first record that is as late as %i', async (timestamp, offset) => {
    const log = await filled(100);
    const { offsets, nextOffset } = await fetch(log, {
      start: { kind: 'timestamp', timestamp },
      bounds: { records: 1, bytes: 1 },
    });
    expect(offsets).toEqual(offset < 100 ? [offset] : []);
    expect(nextOffset).toBe(Math.min(offset + 1, 100));
  });

  it('starts at the tail, at the end and at the log start', async () => {
    const log = await filled(20);
    await log.ports.offsets.trim(ACME, refOf(), 4);
    expect((await fetch(log, { start: { kind: 'tail', count: 3 } })).offsets).toEqual([17, 18, 19]);
    expect((await fetch(log, { start: { kind: 'tail', count: 1000 } })).offsets[0]).toBe(4);
    expect(await fetch(log, { start: { kind: 'latest' } })).toMatchObject({ offsets: [], nextOffset: 20 });
    expect(await fetch(log)).toMatchObject({ logStartOffset: 4, nextOffset: 20 });
  });

  it('passes over a trimmed record whose time would have matched', async () => {
    const log = await createLogUnderTest();
    await log.produce([recordOf('late', { timestamp: 9000 }), recordOf('early', { timestamp: 1000 })]);
    await log.produce([recordOf('later', { timestamp: 5000 })]);
    await log.ports.offsets.trim(ACME, refOf(), 1);
    expect((await fetch(log, { start: { kind: 'timestamp', timestamp: 4000 } })).offsets).toEqual([2]);
  });

  it.each([3, 21])('refuses offset %i, outside of the log, with the truth', async (offset) => {
    const log = await filled(20);
    await log.ports.offsets.trim(ACME, refOf(), 4);
    await expect(fetch(log, { start: { kind: 'offset', offset } })).rejects.toMatchObject({
      code: 'offset_out_of_range',
      extra: { logStartOffset: 4, highWatermark: 20 },
    });
  });

  it('is woken by a commit', async () => {
    const log = await createLogUnderTest();
    const waiting = fetch(log, { waitMs: 20_000 });
    await log.ports.clock.turn();
    await log.produce([recordOf('news')]);
    expect(await waiting).toMatchObject({ values: ['news'], nextOffset: 1 });
  });

  it('answers empty when the wait is over, and at once when it is aborted', async () => {
    const log = await createLogUnderTest();
    const waiting = fetch(log, { waitMs: 20_000 });
    await log.ports.clock.turn();
    await log.ports.clock.advance(20_000);
    expect(await waiting).toMatchObject({ values: [], nextOffset: 0 });
    const abort = new AbortController();
    const aborted = fetch(log, { waitMs: 20_000, abort: abort.signal });
    await log.ports.clock.turn();
    abort.abort();
    expect((await aborted).values).toEqual([]);
  });

  it('answers an error that names the place, never data, when stored bytes are damaged', async () => {
    const log = await filled(9);
    const read = log.ports.blobs.read;
    log.ports.blobs.read = async (...args) => {
      const slices = await read(...args);
      slices.at(-1)![70]! ^= 1;
      return slices;
    };
    await expect(fetch(log)).rejects.toMatchObject({
      code: 'internal',
      retryable: false,
      message: expect.stringContaining(`topic ${TOPIC}, partition 0, at or behind offset 0`),
    });
    log.ports.blobs.read = () => Promise.reject(new BlobUnreadableError('journal 1:17'));
    await expect(fetch(log)).rejects.toMatchObject({ code: 'internal', cause: { place: 'journal 1:17' } });
  });

  it('says that the topic is gone', async () => {
    const log = await filled(3);
    await log.ports.offsets.dropPartitions(ACME, TOPIC, 1);
    await expect(fetch(log)).rejects.toMatchObject({ code: 'topic_not_found' });
    await expect(fetch(log, { start: { kind: 'offset', offset: 1 } })).rejects.toMatchObject({
      code: 'topic_not_found',
    });
  });
});
