import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HEAD_SORT_KEY, partitionKey } from '../../shared/adapters/dynamodb/keys.ts';
import { createPollingCommitSignal } from '../../shared/adapters/polling/polling-commit-signal.ts';
import { BufferPool } from '../../shared/lib/buffer-pool.ts';
import { BatchCache } from '../../shared/log/batch-cache.ts';
import { fetchPartition } from '../../shared/log/fetch-partition.ts';
import { retain } from '../../shared/log/retain.ts';
import { type PartitionRef, SEAL, TAIL_LIMIT } from '../../shared/ports/offset-store.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { ACME, entryOf, refOf } from '../support/index-fixtures.ts';
import { collectRecords } from '../support/log-under-test.ts';
import { itemBytes } from './item-size.ts';
import { type Aws, type LogOnAws, openAws } from './log-on-aws.ts';

const LARGE = 'x'.repeat(6000);
const values = (count: number) => Array.from({ length: count }, (_, at) => [0, `value ${at}`] as const);

/** One commit for each value. */
const fill = async (log: LogOnAws, count: number): Promise<void> => {
  for (const value of values(count)) await log.produce([value]);
  await log.groupCommit.idle();
};

describe.each([0, 3])('what leaves the SDK, with %i zones', (zones) => {
  let aws: Aws;
  beforeAll(async () => {
    aws = await openAws('DynamoDB Local', zones);
  });
  afterAll(() => aws.close());

  const count = async (perform: () => Promise<unknown>): Promise<Record<string, number>> => {
    aws.wire.start();
    await perform();
    return aws.wire.counts();
  };

  it('produces inline with 2 calls, and large with a call for each copy and one more', async () => {
    const log = await aws.openLog();
    await fill(log, 1);
    expect(await count(() => log.produce([[0, 'small']]))).toEqual({ PutItem: 1, UpdateItem: 1 });
    const produceLarge = async () => {
      await log.produce([[0, LARGE]]);
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    expect(await count(produceLarge)).toEqual({ PutObject: Math.max(zones, 1), UpdateItem: 1 });
  });

  it('reads nothing on the way, but once for a partition that it does not know', async () => {
    const log = await aws.openLog();
    await fill(log, 1);
    const cold = await count(() => aws.again(log).produce([[0, 'small']]));
    expect(cold).toEqual({ PutItem: 1, GetItem: 1, UpdateItem: 1 });
    expect(await count(() => log.produce([[0, 'small']], 2))).toEqual({ PutItem: 1, UpdateItem: 1 });
    await expect(log.produce([[0, 'small']], 2)).rejects.toMatchObject({ code: 'precondition_failed' });
  });

  it('seals with one transaction more for each 32 commits', async () => {
    const log = await aws.openLog();
    await fill(log, 1);
    const calls = await count(() => fill(log, 4 * SEAL));
    expect(calls).toEqual({ PutItem: 4 * SEAL, UpdateItem: 4 * SEAL, TransactWriteItems: 4 });
  });

  it('fetches at the tail with 1 read of the index and 1 for a small blob', async () => {
    const log = await aws.openLog();
    await fill(log, 3 * SEAL + 5);
    const calls = await count(() => log.fetch(0, { kind: 'offset', offset: 3 * SEAL + 4 }));
    expect(calls).toEqual({ Query: 1, GetItem: 1 });
    expect(await count(() => log.fetch(0, { kind: 'offset', offset: 3 * SEAL + 5 }))).toEqual({ Query: 1 });
  });

  it('fetches old data with 1 Query and 1 ranged GET for each blob', async () => {
    const log = await aws.openLog();
    for (const value of [LARGE, LARGE]) await log.produce([[0, value]]);
    await fill(log, 3 * SEAL + 5);
    expect(await count(() => log.fetch(0, { kind: 'offset', offset: 0 }, 2))).toEqual({ Query: 1, GetObject: 2 });
    expect(await count(() => log.fetch(0, { kind: 'offset', offset: 1 }, 1))).toEqual({ Query: 1, GetObject: 1 });
    expect(await count(() => log.fetch(0, { kind: 'offset', offset: 2 }, 90))).toEqual({ Query: 1, BatchGetItem: 1 });
  });

  it('looks at most 14 times in an empty long poll of 20 s', async () => {
    const log = await aws.openLog();
    let nowMs = 0;
    const sleep = async (ms: number): Promise<void> => {
      nowMs += ms;
    };
    const clock = { now: () => nowMs, sleep, turn: async () => undefined };
    const signal = createPollingCommitSignal(clock);
    const cache = new BatchCache(aws.blobs, 1_000_000, new BufferPool(1_000_000));
    const ports = { offsets: aws.offsets, clock, signal, cache };
    const call = {
      tenant: ACME,
      ref: refOf(0, log.topic.id),
      start: { kind: 'offset', offset: 0 },
      waitMs: 20_000,
    } as const;
    const bounds = { records: 1, bytes: 1 };
    const calls = await count(() => fetchPartition(ports, { ...call, bounds }, collectRecords()));
    expect(nowMs).toBe(20_000);
    expect(Object.keys(calls)).toEqual(['Query']);
    expect(calls['Query']).toBeLessThanOrEqual(14);
  });

  it('commits to several partitions at once with 1 claim, 1 blob, 1 read of the heads and 1 transaction', async () => {
    const log = await aws.openLog(3);
    const wanted = [0, 1, 2].map((partition) => [partition, 'v'] as const);
    await log.produce(wanted);
    const once = await count(() => log.produceOnce('key', wanted));
    expect(once).toEqual({ PutItem: 2, BatchGetItem: 1, TransactWriteItems: 1 });
    expect(await count(() => log.produceOnce('key', wanted))).toEqual({ PutItem: 1, GetItem: 1 });
  });
});

describe('what leaves the SDK for retention', () => {
  let aws: Aws;
  beforeAll(async () => {
    aws = await openAws('DynamoDB Local');
  });
  afterAll(() => aws.close());

  it('is a read of the heads and one of the index where nothing goes, and a trim more where something does', async () => {
    const log = await aws.openLog(2);
    await fill(log, 40);
    const [ref, other] = [0, 1].map((partition) => refOf(partition, log.topic.id)) as [PartitionRef, PartitionRef];
    const calls = async (retentionMs: number, laterMs: number) => {
      aws.wire.start();
      const clock = { ...systemClock, now: () => Date.now() + laterMs };
      const [head] = await aws.offsets.readHeads(ACME, [ref, other]);
      const call = {
        tenant: ACME,
        ref,
        head: head!,
        retentionMs,
        retentionBytes: -1,
        knownSince: 0,
        isStillSo: async () => true,
      };
      const { removed } = await retain({ offsets: aws.offsets, clock }, call);
      return [removed, aws.wire.counts()];
    };
    expect(await calls(-1, 0)).toEqual([0, { BatchGetItem: 1 }]);
    expect(await calls(60_000, 0)).toEqual([0, { BatchGetItem: 1, Query: 1 }]);
    expect(await calls(60_000, 61_000)).toEqual([40, { BatchGetItem: 1, GetItem: 1, Query: 2, UpdateItem: 1 }]);
    expect(await calls(60_000, 61_000)).toEqual([0, { BatchGetItem: 1 }]);
  });
});

/** As produced by a server: named by the time, and stamped a moment before. */
const realEntries = (count: number) =>
  Array.from({ length: count }, () =>
    entryOf({ blob: { kind: 'inline', id: v7(), zones: 0 }, length: 1100, maxTimestamp: Date.now() - 3 }),
  );

describe('the cost in the table', () => {
  let aws: Aws;
  beforeAll(async () => {
    aws = await openAws('MiniStack');
  });
  afterAll(() => aws.close());

  const itemsOf = async (log: LogOnAws) => {
    const place = partitionKey(ACME, { topicId: log.topic.id, partition: 0 });
    const { Items = [] } = await aws.table.client.send(
      new QueryCommand({
        TableName: aws.table.tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: place } },
      }),
    );
    return new Map(Items.map((item) => [item['sk']!.S!, itemBytes(item)]));
  };

  it('is little more than one write unit a commit, sealing included', async () => {
    const log = await aws.openLog();
    const ref = { topicId: log.topic.id, partition: 0 };
    const entries = realEntries(10 * SEAL);
    aws.wire.start();
    for (const entry of entries) {
      const outcome = await aws.offsets.commit(ACME, ref.topicId, { partition: 0, entry, fence: 0 });
      if (outcome.kind !== 'committed') throw new Error(outcome.kind);
      const { head } = outcome;
      if (head.tail.length === SEAL) await aws.offsets.seal(ACME, ref, head.baseOffset, head.tail);
    }
    const perCommit = aws.wire.units.write / entries.length;
    console.log(`${perCommit.toFixed(3)} write units a commit: ${JSON.stringify(aws.wire.counts())}`);
    expect(perCommit).toBeLessThan(1.25);
    expect(aws.wire.units.read).toBe(0);
    const sizes = await itemsOf(log);
    console.log(`bytes of its items: ${JSON.stringify([...sizes])}`);
    for (const bytes of sizes.values()) expect(bytes).toBeLessThan(1024);
  });

  it('comes from a small head', async () => {
    const log = await aws.openLog();
    const ref = { topicId: log.topic.id, partition: 0 };
    const sizes: Record<number, number> = {};
    const measure = async () => (await itemsOf(log)).get(HEAD_SORT_KEY)!;
    sizes[0] = await measure();
    for (const [at, entry] of realEntries(TAIL_LIMIT).entries()) {
      await aws.offsets.commit(ACME, ref.topicId, { partition: 0, entry, fence: 0 });
      if ([16, 32, TAIL_LIMIT].includes(at + 1)) sizes[at + 1] = await measure();
    }
    console.log(`bytes of the head by entries: ${JSON.stringify(sizes)}`);
    expect(sizes[0]).toBeLessThan(100);
    expect(sizes[SEAL]).toBeLessThan(1024);
  });

  it('is printed for each operation', async () => {
    const log = await aws.openLog(2);
    await fill(log, 5 * SEAL + 4);
    const kilobyte = 'x'.repeat(1000);
    const rows: Record<string, object> = {};
    const note = async (name: string, perform: () => Promise<unknown>): Promise<void> => {
      aws.wire.start();
      await perform();
      rows[name] = { calls: JSON.stringify(aws.wire.counts()), ...aws.wire.units };
    };
    await note('produce 1 KB', () => log.produce([[0, kilobyte]]));
    await note('produce 1 KB to two partitions', () => log.produce([0, 1].map((at) => [at, kilobyte] as const)));
    await note('produce 6 KB', () => log.produce([[0, LARGE]]));
    await note('produce 1 KB with a key', () => log.produceOnce('k1', [[0, kilobyte]]));
    await note('the same again', () => log.produceOnce('k1', [[0, kilobyte]]));
    await note('fetch at the high watermark', () => log.fetch(0, { kind: 'offset', offset: 5 * SEAL + 8 }));
    await note('fetch 3 KB from the tail', () => log.fetch(0, { kind: 'offset', offset: 5 * SEAL + 4 }));
    await note('fetch 100 records of 100 commits from the start', () => log.fetch(0, { kind: 'earliest' }, 100));
    await note('find a timestamp', () => log.offsets.findTimestamp(ACME, refOf(0, log.topic.id), 1));
    await note('trim', () => log.offsets.trim(ACME, refOf(0, log.topic.id), 40));
    console.table(rows);
  });
});
