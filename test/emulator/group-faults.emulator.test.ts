import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChasquiError } from '../../shared/contract/errors.ts';
import { deleteGroup } from '../../shared/groups/delete-group.ts';
import { UnknownOutcomeError } from '../../shared/ports/offset-store.ts';
import { BILLING, type Consumer, type GroupUnderTest, SESSION_MS } from '../support/group-under-test.ts';
import { ACME } from '../support/index-fixtures.ts';
import { groupOnAws } from './group-on-aws.ts';
import { DISTINCT_FAULTS, type Fault } from './wire.ts';
import { openWiredTable, type WiredTable } from './wired-table.ts';

const PARTITIONS = 2;
const RECORDS = 2;

/** One member `a` that does something, perhaps beside another one. */
interface World {
  readonly group: GroupUnderTest;
  readonly a: Consumer;
  readonly b: Consumer;
}

interface Operation {
  readonly name: string;
  before(world: World): Promise<unknown>;
  perform(world: World): Promise<unknown>;
}

const nothing = async (): Promise<void> => undefined;
const shared = async ({ a, b }: World): Promise<void> => {
  await a.poll();
  await a.commit();
  await b.poll();
};

const OPERATIONS: readonly Operation[] = [
  { name: 'join', before: nothing, perform: ({ a }) => a.poll() },
  { name: 'poll', before: ({ a }) => a.poll({ bounds: { records: 1, bytes: 1e6 } }), perform: ({ a }) => a.poll() },
  {
    name: 'poll with a heartbeat',
    before: async ({ group, a }) => {
      await a.poll();
      await group.log.ports.clock.advance(SESSION_MS / 2);
    },
    perform: ({ a }) => a.poll(),
  },
  { name: 'poll that commits', before: ({ a }) => a.poll(), perform: ({ a }) => a.poll({ autoCommit: true }) },
  {
    name: 'heartbeat',
    before: async ({ group, a }) => {
      await a.poll();
      await group.log.ports.clock.advance(SESSION_MS / 2);
    },
    perform: ({ a }) => a.heartbeat(),
  },
  { name: 'commit', before: ({ a }) => a.poll(), perform: ({ a }) => a.commit([...a.received.values()]) },
  { name: 'giving back', before: shared, perform: ({ a }) => a.poll() },
  {
    name: 'commit that gives back',
    before: async ({ a, b }) => {
      await a.poll();
      await b.poll();
      await a.poll();
    },
    perform: ({ a }) => a.commit([...a.received.values()]),
  },
  {
    name: 'taking over from the dead',
    before: async ({ group, b }) => {
      await b.poll();
      await group.log.ports.clock.advance(SESSION_MS + 1);
    },
    perform: ({ a }) => a.poll(),
  },
  { name: 'leave', before: shared, perform: ({ a }) => a.leave() },
  {
    name: 'seek',
    before: async ({ a }) => {
      await a.poll();
      await a.commit();
    },
    perform: ({ group }) => group.seek({ to: { kind: 'earliest' } }),
  },
  { name: 'describe', before: shared, perform: ({ group }) => group.describe() },
  {
    name: 'delete',
    before: shared,
    perform: ({ group }) => deleteGroup(group.log.ports, ACME, BILLING, () => true),
  },
];

/** What fails has to say so with an error that a client can read. */
const tolerant = async (perform: () => Promise<unknown>): Promise<void> => {
  try {
    await perform();
  } catch (error) {
    if (!(error instanceof ChasquiError || error instanceof UnknownOutcomeError)) throw error;
    expect(['unavailable', 'fenced', 'group_not_found', 'member_not_found', undefined]).toContain(
      error instanceof ChasquiError ? error.code : undefined,
    );
  }
};

/** Polls and commits; begins again from what is committed where it was fenced. */
const work = async (consumer: Consumer): Promise<void> => {
  try {
    await consumer.poll();
    await consumer.commit();
  } catch (error) {
    if (!(error instanceof ChasquiError && error.code === 'fenced')) throw error;
    consumer.last = undefined;
    consumer.received.clear();
  }
};

const placesOf = ({ last }: Consumer): string[] => (last?.assignment ?? []).map(({ partition }) => `${partition}`);

const isEven = (consumers: readonly Consumer[]): boolean => consumers.every((one) => placesOf(one).length === 1);

// What reads the log meets its faults in faults.emulator.test.ts; here it is in memory.

/** Two members that begin anew share all partitions evenly, and read to the end whatever is not committed, each record in order. */
const expectLaws = async ({ group }: World, what: string): Promise<void> => {
  const [one, two] = [group.member('a'), group.member('c')];
  // Whoever was there before and stirs no more is declared dead.
  await group.log.ports.clock.advance(SESSION_MS + 1);
  for (let round = 0; round < 4 && !(isEven([one, two]) && round > 1); round += 1)
    for (const consumer of [one, two]) await work(consumer);
  const { members, partitions, lag } = await group.describe();
  expect(members.map(({ member }) => member).sort(), what).toEqual(['a', 'c']);
  expect(lag, what).toBe(0);
  expect([...placesOf(one), ...placesOf(two)].sort(), what).toEqual(['0', '1']);
  expect(placesOf(one).length, what).toBe(1);
  for (const { owner, partition } of partitions) {
    const holder = placesOf(one).includes(`${partition}`) ? 'a' : 'c';
    expect(owner, what).toBe(holder);
  }
};

/** Answers the calls that were sent. */
const tryOut = async (operation: Operation, table: WiredTable, fault?: Fault, at = 0): Promise<readonly string[]> => {
  const what = fault === undefined ? operation.name : `${operation.name}: ${fault} at call ${at}`;
  const group = await groupOnAws(table, PARTITIONS);
  const world = { group, a: group.member('a'), b: group.member('b') };
  for (let partition = 0; partition < PARTITIONS; partition += 1) await group.fill(partition, RECORDS);
  await operation.before(world);
  const committed = await committedOf(group);
  table.wire.start(fault, at);
  await tolerant(() => operation.perform(world));
  const calls = [...table.wire.calls];
  table.wire.start();
  // Once more, as a client does whose answer was lost.
  await tolerant(() => operation.perform(world));
  await table.wire.deliverLate();
  const goesBack = operation.name === 'seek' || operation.name === 'delete';
  const since = await committedOf(group);
  for (const [partition, offset] of committed)
    if (!goesBack) expect(since.get(partition) ?? 0, what).toBeGreaterThanOrEqual(offset);
  await expectLaws(world, what);
  return calls;
};

const committedOf = async ({ describe: look }: GroupUnderTest): Promise<Map<number, number>> => {
  try {
    const { partitions } = await look();
    return new Map(partitions.map(({ partition, committedOffset }) => [partition, committedOffset ?? 0]));
  } catch (error) {
    if (error instanceof ChasquiError && error.code === 'group_not_found') return new Map();
    throw error;
  }
};

describe('one fault at every call of every operation of a group', () => {
  let tables: WiredTable[];
  beforeAll(async () => {
    tables = await Promise.all(DISTINCT_FAULTS.map(() => openWiredTable('DynamoDB Local')));
  });
  afterAll(async () => {
    await Promise.all(tables.map((table) => table.close()));
  });

  it.each(OPERATIONS)('$name', { timeout: 120_000 }, async (operation) => {
    const calls = await tryOut(operation, tables[0]!);
    expect(calls.length).toBeGreaterThan(0);
    for (const at of calls.keys())
      await Promise.all(DISTINCT_FAULTS.map((fault, lane) => tryOut(operation, tables[lane]!, fault, at)));
    console.log(`${operation.name}: ${calls.length} calls × ${DISTINCT_FAULTS.length} faults (${calls.join(', ')})`);
  });
});
