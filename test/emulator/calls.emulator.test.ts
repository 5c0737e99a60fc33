import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headKey, partitionKey } from '../../shared/adapters/dynamodb/keys.ts';
import { SEAL, TAIL_LIMIT } from '../../shared/ports/offset-store.ts';
import { ACME, entriesOf, refOf } from '../support/index-fixtures.ts';
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

  it('commits to several partitions at once with 1 claim, 1 blob, 1 read of the heads and 1 transaction', async () => {
    const log = await aws.openLog(3);
    const wanted = [0, 1, 2].map((partition) => [partition, 'v'] as const);
    await log.produce(wanted);
    const once = await count(() => log.produceOnce('key', wanted));
    expect(once).toEqual({ PutItem: 2, BatchGetItem: 1, TransactWriteItems: 1 });
    expect(await count(() => log.produceOnce('key', wanted))).toEqual({ PutItem: 1 });
  });
});

describe('the cost of a commit', () => {
  it.each(['DynamoDB Local', 'MiniStack'] as const)(
    'is about 1.2 write units, sealing included, on %s',
    async (name) => {
      const aws = await openAws(name);
      const log = await aws.openLog();
      const ref = { topicId: log.topic.id, partition: 0 };
      const entries = entriesOf(5 * SEAL, { length: 1100 });
      aws.wire.start();
      let fence = 0;
      for (const entry of entries) {
        const outcome = await aws.offsets.commit(ACME, ref.topicId, { partition: 0, entry, fence });
        if (outcome.kind !== 'committed') throw new Error(outcome.kind);
        const { head } = outcome;
        fence = head.fence;
        if (head.tail.length === SEAL) await aws.offsets.seal(ACME, ref, head.baseOffset, head.tail);
      }
      const perCommit = aws.wire.units / entries.length;
      console.log(`${name}: ${perCommit.toFixed(3)} write units a commit, ${JSON.stringify(aws.wire.counts())}`);
      expect(perCommit).toBeLessThan(1.3);
      await aws.close();
    },
  );

  it('comes from a small head', async () => {
    const aws = await openAws('DynamoDB Local');
    const log = await aws.openLog();
    const ref = { topicId: log.topic.id, partition: 0 };
    const sizes: Record<number, number> = {};
    const entries = entriesOf(TAIL_LIMIT, { length: 1100 });
    const measure = async (): Promise<number> => {
      const { TableName, Key } = { TableName: aws.table.tableName, Key: { ...headKey(ACME, ref) } };
      const { Item = {} } = await aws.table.client.send(new GetItemCommand({ TableName, Key }));
      return itemBytes(Item);
    };
    sizes[0] = await measure();
    for (const [at, entry] of entries.entries()) {
      await aws.offsets.commit(ACME, ref.topicId, { partition: 0, entry, fence: 0 });
      if ([16, 32, TAIL_LIMIT].includes(at + 1)) sizes[at + 1] = await measure();
    }
    console.log(`bytes of the head item by entries: ${JSON.stringify(sizes)}`);
    expect(sizes[0]).toBeLessThan(110);
    expect(sizes[SEAL]).toBeLessThan(1024);
    await aws.close();
  });

  it('leaves segments and time notes of less than 1 KB', async () => {
    const aws = await openAws('DynamoDB Local');
    const log = await aws.openLog();
    await fill(log, 2 * SEAL);
    const { Items = [] } = await aws.table.client.send(
      new QueryCommand({
        TableName: aws.table.tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: partitionKey(ACME, { ...refOf(), topicId: log.topic.id }) } },
      }),
    );
    const sizes = Items.map((item) => [item['sk']?.S, itemBytes(item)] as const);
    console.log(`bytes of a partition's items: ${JSON.stringify(sizes)}`);
    for (const [, bytes] of sizes) expect(bytes).toBeLessThan(1024);
    await aws.close();
  });
});
