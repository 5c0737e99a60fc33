import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPollingCommitSignal } from '../../shared/adapters/polling/polling-commit-signal.ts';
import { type GroupUnderTest, SESSION_MS } from '../support/group-under-test.ts';
import { groupAndLogOnAws } from './group-on-aws.ts';
import { openWiredTable, type WiredTable } from './wired-table.ts';

const PARTITIONS = 4;
/** Look-ups of topics come from a cache in a function (function-calls.emulator.test.ts), and are not counted. */
const TOPIC_LOOKS = 1;

describe('what the calls of a group send', () => {
  let table: WiredTable;
  let group: GroupUnderTest;
  beforeEach(async () => {
    table = await openWiredTable('DynamoDB Local');
    group = await groupAndLogOnAws(table, PARTITIONS);
  });
  afterEach(() => table.close());

  const countOf = async (perform: () => Promise<unknown>): Promise<Record<string, number>> => {
    table.wire.start();
    await perform();
    return table.wire.counts();
  };
  const fillAll = async (): Promise<void> => {
    for (let partition = 0; partition < PARTITIONS; partition += 1) await group.fill(partition, 1);
  };

  it('joining: 3 and one for each partition gained, with the heads of these', async () => {
    expect(await countOf(() => group.member('a').poll())).toEqual({
      Query: 1,
      UpdateItem: 1,
      TransactWriteItems: 1,
      PutItem: PARTITIONS,
      BatchGetItem: 1,
      GetItem: TOPIC_LOOKS,
    });
  });

  it('a poll with records: 2 reads and the blobs that no cache holds, and none of those again', async () => {
    const a = group.member('a');
    await a.poll();
    await fillAll();
    const cursor = a.last!.cursor;
    const fresh = await countOf(() => a.ask({ cursor }));
    expect(fresh).toEqual({ Query: 1, BatchGetItem: 1, GetItem: TOPIC_LOOKS + PARTITIONS });
    expect(await countOf(() => a.ask({ cursor }))).toEqual({ Query: 1, BatchGetItem: 1, GetItem: TOPIC_LOOKS });
  });

  it('a commit: 1 write for each partition, behind the same 2 reads', async () => {
    const a = group.member('a');
    await fillAll();
    await a.poll();
    expect(await countOf(() => a.commit())).toEqual({
      Query: 1,
      BatchGetItem: 1,
      GetItem: TOPIC_LOOKS,
      PutItem: PARTITIONS,
    });
  });

  it('an empty poll: 2 reads; its heartbeat: 1 write, when a third of the session has passed', async () => {
    const a = group.member('a');
    await a.poll();
    const empty = { Query: 1, BatchGetItem: 1, GetItem: TOPIC_LOOKS };
    expect(await countOf(() => a.poll())).toEqual(empty);
    await group.log.ports.clock.advance(SESSION_MS / 3);
    expect(await countOf(() => a.poll())).toEqual({ ...empty, PutItem: 1 });
    expect(await countOf(() => a.heartbeat())).toEqual({ Query: 1 });
  });

  it('an empty poll of 20 s where nobody announces anything: its looks, and as writes only its heartbeats', async () => {
    const { clock } = group.log.ports;
    const polling = { ...group.log.ports, signal: createPollingCommitSignal(clock) };
    Object.assign(group.log.ports, { signal: polling.signal });
    const a = group.member('a');
    await a.poll();
    const counts = await countOf(async () => {
      let over = false;
      const waiting = a.poll({ waitMs: 20_000 }).finally(() => {
        over = true;
      });
      while (!over) {
        await clock.advance(50);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await waiting;
    });
    console.log(`20 s of an idle member: ${JSON.stringify(counts)}`);
    const { PutItem: heartbeats, Query: looks } = counts;
    expect(heartbeats).toBeLessThanOrEqual(2);
    expect(looks).toBeLessThanOrEqual(14);
    expect(Object.keys(counts).sort()).toEqual(['BatchGetItem', 'GetItem', 'PutItem', 'Query']);
  });
});
