import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IndexEntry, SEAL } from '../../shared/ports/offset-store.ts';
import { ACME, entryOf, headOf, placed, readWholeIndex } from '../support/index-fixtures.ts';
import { DYNAMODBS } from './dynamo-under-test.ts';
import { type Aws, openAws } from './log-on-aws.ts';

describe.each(DYNAMODBS.map(({ name }) => name))('many at once on %s', (name) => {
  let aws: Aws;
  beforeAll(async () => {
    aws = await openAws(name);
  });
  afterAll(() => aws.close());

  it('keeps offsets dense, answers true and keys in order when 32 instances write to one partition', async () => {
    const log = await aws.openLog();
    const told: { offset: number; value: string }[] = [];
    const write = async (instance: number): Promise<void> => {
      const mine = aws.again(log);
      for (let at = 0; at < 10; at += 1) {
        const value = `${instance}/${at}`;
        const [result] = await mine.produce([[0, value]]);
        if (result === undefined || 'error' in result) throw new Error(`${value} was not stored.`);
        told.push({ offset: result.offset, value });
      }
      await mine.groupCommit.idle();
    };
    await Promise.all(Array.from({ length: 32 }, (_, instance) => write(instance)));
    const { records, highWatermark } = await aws.again(log).fetch(0, { kind: 'earliest' });
    expect(highWatermark).toBe(320);
    expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: 320 }, (_, at) => at));
    const expected = told.sort((a, b) => a.offset - b.offset).map(({ value }) => value);
    expect(records.map(({ value }) => value)).toEqual(expected);
    for (let instance = 0; instance < 32; instance += 1) {
      const mine = expected.filter((value) => value.startsWith(`${instance}/`));
      expect(mine).toEqual(Array.from({ length: 10 }, (_, at) => `${instance}/${at}`));
    }
  });

  it('finds any time in a log of 70 segments, with few reads', async () => {
    const log = await aws.openLog();
    const ref = { topicId: log.topic.id, partition: 0 };
    const entries: IndexEntry[] = [];
    for (let at = 0; at < 70; at += 1) {
      const entry = entryOf({ maxTimestamp: 1000 + ((at * 37) % 70) });
      entries.push(entry);
      const outcome = await aws.offsets.commit(ACME, ref.topicId, { partition: 0, entry, fence: 0 });
      if (outcome.kind !== 'committed') throw new Error(outcome.kind);
      expect(await aws.offsets.seal(ACME, ref, at, outcome.head.tail)).toBe('sealed');
    }
    for (const start of [0, 1, 30, 63, 64, 69]) {
      await aws.offsets.trim(ACME, ref, start);
      for (const time of [0, 1000, 1037, 1069, 1068, 1034, 1070]) {
        const expected = entries.findIndex(({ maxTimestamp }, at) => at >= start && maxTimestamp >= time);
        aws.wire.start();
        expect(await aws.offsets.findTimestamp(ACME, ref, time)).toBe(expected === -1 ? 70 : expected);
        expect(aws.wire.calls.length).toBeLessThanOrEqual(8);
      }
    }
  });

  it('reads a log of 70 segments from its beginning: 1 Query for many segments, and the head where it is far', async () => {
    const log = await aws.openLog();
    const ref = { topicId: log.topic.id, partition: 0 };
    const entries: IndexEntry[] = [];
    for (let at = 0; at < 70; at += 1) {
      entries.push(entryOf());
      const append = { partition: 0, entry: entries[at]!, fence: 0 };
      const outcome = await aws.offsets.commit(ACME, ref.topicId, append);
      if (outcome.kind !== 'committed') throw new Error(outcome.kind);
      await aws.offsets.seal(ACME, ref, at, outcome.head.tail);
    }
    expect(await readWholeIndex(aws.offsets, ref)).toEqual(placed(entries));
    aws.wire.start();
    expect((await aws.offsets.readIndex(ACME, ref, 10, 4 * SEAL))?.nextOffset).toBe(70);
    expect(aws.wire.counts()).toEqual({ Query: 1, GetItem: 1 });
    aws.wire.start();
    expect((await aws.offsets.readIndex(ACME, ref, 66, 4 * SEAL))?.entries).toEqual(entries.slice(66));
    expect(aws.wire.counts()).toEqual({ Query: 1 });
    expect((await headOf(aws.offsets, ref)).baseOffset).toBe(70);
  });
});
