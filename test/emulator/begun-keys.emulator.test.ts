import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TopicId } from '../../shared/contract/ids.ts';
import type { ProduceResult } from '../../shared/log/produce.ts';
import { ACME, entryOf } from '../support/index-fixtures.ts';
import { type Aws, LogOnAws, openAws, type Wanted } from './log-on-aws.ts';

/*
 * A request with an idempotency key that goes to more partitions than one transaction takes, here five by two, is committed in three
 * steps. Whoever does it may die at each of its calls.
 */
const PARTITIONS = 5;
const WANTED = [4, 0, 3, 1, 2, 4, 0].map((partition, at): Wanted => [partition, `record ${at}`]);
/** A claim whose owner is silent ends after a minute. */
const MINUTE_MS = 61_000;

const placesOf = (results: readonly ProduceResult[]) =>
  results.map((result) => {
    if ('error' in result) throw result.error;
    return [result.partition, result.offset] as const;
  });

/** Each record is there once, where its writer was told, and nothing else is. */
const expectStored = async (log: LogOnAws, results: readonly ProduceResult[], what: string): Promise<void> => {
  const places = placesOf(results);
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const { records } = await log.fetch(partition, { kind: 'earliest' });
    const told = places.flatMap(([at, offset], index) => (at === partition ? [[offset, WANTED[index]![1]]] : []));
    expect(
      records.map(({ offset, value }) => [offset, value]),
      what,
    ).toEqual([[0, 'before'], ...told]);
  }
};

describe('a key whose request was begun by a call that has gone', () => {
  let aws: Aws;
  beforeAll(async () => {
    aws = await openAws('DynamoDB Local', 0, 2);
  });
  afterAll(() => aws.close());

  const openTopic = async (): Promise<LogOnAws> => {
    const log = await aws.openLog(PARTITIONS);
    for (let partition = 0; partition < PARTITIONS; partition += 1) await log.produce([[partition, 'before']]);
    return log;
  };

  const callsOf = async (): Promise<readonly string[]> => {
    const log = await openTopic();
    aws.wire.start();
    await log.produceOnce(log.topic.id, WANTED);
    return [...aws.wire.calls];
  };

  const dieAt = async (log: LogOnAws, at: number, done: boolean): Promise<void> => {
    aws.wire.startDying(at, done);
    await log.produceOnce(log.topic.id, WANTED).catch(() => undefined);
    aws.wire.start();
  };

  it('is gone on with, whole and once, wherever that call died', { timeout: 180_000 }, async () => {
    const calls = await callsOf();
    expect(calls.filter((name) => name === 'TransactWriteItemsCommand')).toHaveLength(3);
    for (const at of calls.keys()) {
      for (const done of [false, true]) {
        const what = `${done ? 'after' : 'before'} call ${at}, ${calls[at]}`;
        const log = await openTopic();
        await dieAt(log, at, done);
        const next = aws.again(log, MINUTE_MS);
        const { results } = await next.produceOnce(log.topic.id, WANTED);
        await expectStored(next, results, what);
        const repeat = await aws.again(log, MINUTE_MS).produceOnce(log.topic.id, WANTED);
        expect(repeat.replayed, what).toBe(true);
        expect(placesOf(repeat.results), what).toEqual(placesOf(results));
        await expectStored(next, results, what);
      }
    }
    console.log(`died before and after each of ${calls.length} calls (${calls.join(', ')})`);
  });

  /** Two of the three steps are done. */
  const stopInTheMiddle = async (): Promise<LogOnAws> => {
    const log = await openTopic();
    const calls = await callsOf();
    await dieAt(log, calls.lastIndexOf('TransactWriteItemsCommand'), false);
    return log;
  };

  it('stays with its request: another one is told so, and changes nothing', async () => {
    const log = await stopInTheMiddle();
    const other = aws.again(log, MINUTE_MS).produceOnce(log.topic.id, WANTED, 1);
    await expect(other).rejects.toMatchObject({ code: 'idempotency_key_reused' });
    const { results } = await aws.again(log, MINUTE_MS).produceOnce(log.topic.id, WANTED);
    await expectStored(log, results, 'after another request');
  });

  it('is given to one of many that go on with it at once', async () => {
    const log = await stopInTheMiddle();
    const calls = Array.from({ length: 8 }, () => aws.again(log, MINUTE_MS).produceOnce(log.topic.id, WANTED));
    const done = (await Promise.allSettled(calls)).flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(done.filter(({ replayed }) => !replayed)).toHaveLength(1);
    for (const { results } of done) await expectStored(log, results, 'at once');
  });

  it('is committed once by many who all take it for theirs', async () => {
    const log = await openTopic();
    const { id: topicId } = log.topic;
    const record = { key: topicId, fingerprint: new Uint8Array(32), expiresAt: Date.now() + MINUTE_MS };
    await aws.offsets.claim(ACME, record, Date.now());
    const answerOf = (baseOffsets: readonly number[]) => Buffer.from(JSON.stringify(baseOffsets));
    const commit = () => {
      const appends = Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, entry: entryOf(), fence: 0 }));
      return aws.offsets.commitAtomic(ACME, topicId, appends, record, answerOf);
    };
    const outcomes = await Promise.all(Array.from({ length: 8 }, commit));
    const answers = outcomes.map((outcome) => {
      if (outcome.kind === 'refused') throw new Error(outcome.refusal.kind);
      return outcome.kind === 'answered' ? JSON.parse(Buffer.from(outcome.answer).toString()) : outcome.baseOffsets;
    });
    expect(answers).toEqual(answers.map(() => [1, 1, 1, 1, 1]));
    const refs = Array.from({ length: PARTITIONS }, (_, partition) => ({ topicId, partition }));
    expect((await aws.offsets.readHeads(ACME, refs)).map((head) => head?.nextOffset)).toEqual([2, 2, 2, 2, 2]);
  });

  it('may be gone on with at once where its call could still say that it gives up', async () => {
    const log = await openTopic();
    const calls = await callsOf();
    const last = calls.lastIndexOf('TransactWriteItemsCommand');
    aws.wire.startDying(last, false);
    const stopped = log.produceOnce(log.topic.id, WANTED);
    // Longer than it keeps trying: the wire is whole again when the claim is given back.
    await expect.poll(() => aws.wire.calls.length).toBeGreaterThan(last + 1);
    aws.wire.start();
    const { results } = await stopped.catch(() => log.produceOnce(log.topic.id, WANTED));
    await expectStored(log, results, 'after giving up');
  });

  it('begins anew where its topic was deleted and made again', async () => {
    const log = await stopInTheMiddle();
    await aws.offsets.dropPartitions(ACME, log.topic.id, PARTITIONS);
    const anew = { ...log.topic, id: v7() as TopicId };
    await aws.offsets.createPartitions(ACME, anew.id, 0, PARTITIONS);
    const now = () => aws.table.clock.now() + MINUTE_MS;
    const next = new LogOnAws({ ...aws, table: { ...aws.table, clock: { ...aws.table.clock, now } } }, anew);
    for (let partition = 0; partition < PARTITIONS; partition += 1) await next.produce([[partition, 'before']]);
    const { results } = await next.produceOnce(log.topic.id, WANTED);
    await expectStored(next, results, 'in the new topic');
  });

  it('keeps to the partitions that were chosen then, however many the topic has meanwhile', async () => {
    const log = await stopInTheMiddle();
    await aws.offsets.createPartitions(ACME, log.topic.id, PARTITIONS, 3 * PARTITIONS);
    const now = () => aws.table.clock.now() + MINUTE_MS;
    const more = { ...log.topic, partitions: 3 * PARTITIONS };
    const next = new LogOnAws({ ...aws, table: { ...aws.table, clock: { ...aws.table.clock, now } } }, more);
    const { results } = await next.produceOnce(log.topic.id, WANTED);
    await expectStored(next, results, 'with more partitions');
  });
});
