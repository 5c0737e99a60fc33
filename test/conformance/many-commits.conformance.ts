import { beforeAll, expect, it } from 'vitest';
import { fetchFrom, fetchTopic, must, produce, readPartition, watermarks } from '../support/bus.ts';
import { Seeded } from '../support/seeded.ts';
import type { Chapter } from './bus-under-test.ts';

const COUNT = 420;
const STEP_MS = 10;
const FIRST_MS = 1_700_000_000_000;

/** More commits than any index keeps in one piece: wherever a reader begins, it finds what was written there. */
export const manyCommits: Chapter = (bus) => {
  const seeded = new Seeded(COUNT);
  let topic: string;

  beforeAll(async () => {
    topic = await bus.topic();
    for (let value = 0; value < COUNT; value += 1) {
      await produce(bus.api, topic, [{ key: `k${value}`, value, timestamp: FIRST_MS + value * STEP_MS }]);
    }
  });

  const expectRange = (records: readonly { offset: number; value?: unknown }[], from: number, to: number): void => {
    expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: to - from }, (_, index) => from + index));
    for (const { offset, value } of records) expect(value).toBe(offset);
  };

  it('reads from any offset', async () => {
    for (let turn = 0; turn < 60; turn += 1) {
      const from = seeded.integer(0, COUNT);
      const limit = seeded.integer(1, 200);
      const read = await fetchFrom(bus.api, topic, 0, `?offset=${from}&limit=${limit}`);
      expectRange(read.records, from, Math.min(from + limit, COUNT));
      expect(read.nextOffset).toBe(Math.min(from + limit, COUNT));
    }
  });

  it('reads the tail of any length', async () => {
    for (const tail of [1, 31, 32, 33, 127, 128, 129, 300, COUNT]) {
      expectRange((await fetchFrom(bus.api, topic, 0, `?tail=${tail}`)).records, COUNT - tail, COUNT);
    }
  });

  it('finds any time, between two records too', async () => {
    for (let turn = 0; turn < 60; turn += 1) {
      const offset = seeded.integer(1, COUNT);
      for (const early of [0, 1, STEP_MS - 1]) {
        const read = await fetchFrom(bus.api, topic, 0, `?timestamp=${FIRST_MS + offset * STEP_MS - early}&limit=1`);
        expect(read.records[0]?.offset).toBe(offset);
      }
      const cursor = await fetchTopic(bus.api, topic, `?from=${FIRST_MS + offset * STEP_MS}&limit=1`);
      expect(cursor.records[0]?.offset).toBe(offset);
    }
  });

  it('reads everything by pages of any size', async () => {
    for (const page of ['&limit=1000', '&limit=37', '&maxBytes=900']) {
      expectRange(await readPartition(bus.api, topic, 0, page), 0, COUNT);
    }
  });

  it('begins anywhere after the log start has moved there', async () => {
    for (const before of [5, 32, 33, 200, 290, 415]) {
      must(await bus.api.delete(`/v1/topics/${topic}/partitions/0/records?beforeOffset=${before}`), 200);
      expectRange((await fetchFrom(bus.api, topic, 0, '?limit=3')).records, before, before + 3);
      expect((await fetchFrom(bus.api, topic, 0, '?timestamp=0&limit=1')).records[0]?.offset).toBe(before);
      const later = Math.min(before + 40, COUNT - 1);
      const found = await fetchFrom(bus.api, topic, 0, `?timestamp=${FIRST_MS + later * STEP_MS}&limit=1`);
      expect(found.records[0]?.offset).toBe(later);
    }
    expect(await watermarks(bus.api, topic)).toEqual([COUNT]);
  });
};
