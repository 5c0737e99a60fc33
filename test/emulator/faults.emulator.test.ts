import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChasquiError } from '../../shared/contract/errors.ts';
import type { ProduceResult } from '../../shared/log/produce.ts';
import { retain } from '../../shared/log/retain.ts';
import { SEAL, UnknownOutcomeError } from '../../shared/ports/offset-store.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { ACME } from '../support/index-fixtures.ts';
import { type Aws, type LogOnAws, openAws, type Wanted } from './log-on-aws.ts';
import { FAULTS, type Fault } from './wire.ts';

/** What a client tried and was told; `maybe` is what it was not told about, or told that nobody knows. */
interface Book {
  readonly told: { partition: number; offset: number; value: string }[];
  readonly maybe: Wanted[];
  readonly refused: Wanted[];
}

interface Operation {
  readonly name: string;
  readonly partitions?: number;
  /** Records that are there before. */
  readonly before: readonly Wanted[];
  perform(log: LogOnAws, book: Book): Promise<void>;
}

const LARGE = 'x'.repeat(5000);
const many = (count: number, partition = 0): Wanted[] =>
  Array.from({ length: count }, (_, at) => [partition, `before ${partition}/${at}`] as const);

const note = (book: Book, wanted: readonly Wanted[], results: readonly ProduceResult[]): void => {
  for (const [at, result] of results.entries()) {
    const value = wanted[at]![1];
    if ('offset' in result) book.told.push({ partition: result.partition, offset: result.offset, value });
    else if (result.error.sideEffects === 'none') book.refused.push(wanted[at]!);
    else book.maybe.push(wanted[at]!);
  }
};

/** Every error has to say whether anything may have happened. */
const noteFailure = (book: Book, wanted: readonly Wanted[], error: unknown): void => {
  const isOurs = error instanceof ChasquiError || error instanceof UnknownOutcomeError;
  if (!isOurs) throw error;
  const isNothing = error instanceof ChasquiError && error.sideEffects === 'none';
  (isNothing ? book.refused : book.maybe).push(...wanted);
};

const produce = async (
  log: LogOnAws,
  book: Book,
  wanted: readonly Wanted[],
  expectedOffset?: number,
): Promise<void> => {
  try {
    note(book, wanted, await log.produce(wanted, expectedOffset));
  } catch (error) {
    noteFailure(book, wanted, error);
  }
};

/** With one key until it is told, or told to wait. */
const produceOnce = async (log: LogOnAws, book: Book, wanted: readonly Wanted[]): Promise<void> => {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    try {
      return note(book, wanted, (await log.produceOnce(log.topic.id, wanted)).results);
    } catch (error) {
      if (!(error instanceof ChasquiError || error instanceof UnknownOutcomeError)) throw error;
    }
  }
  book.maybe.push(...wanted);
};

/** Reads that fail must say so; what they do show must be true. */
const readable = async (perform: () => Promise<unknown>): Promise<void> => {
  try {
    await perform();
  } catch (error) {
    if (!(error instanceof ChasquiError && error.code === 'unavailable')) throw error;
  }
};

const mayFail = async (perform: () => Promise<unknown>): Promise<void> => {
  try {
    await perform();
  } catch (error) {
    if (!(error instanceof ChasquiError || error instanceof UnknownOutcomeError)) throw error;
  }
};

const OPERATIONS: readonly Operation[] = [
  {
    name: 'produce, inline',
    before: many(1),
    perform: (log, book) =>
      produce(log, book, [
        [0, 'a'],
        [0, 'b'],
      ]),
  },
  { name: 'produce, large', before: many(1), perform: (log, book) => produce(log, book, [[0, LARGE]]) },
  { name: 'produce at an offset', before: many(2), perform: (log, book) => produce(log, book, [[0, 'a']], 2) },
  {
    name: 'produce that seals',
    before: many(SEAL - 1),
    perform: async (log, book) => {
      await produce(log, book, [[0, 'a']]);
      await log.groupCommit.idle();
    },
  },
  {
    name: 'produce to three partitions',
    partitions: 3,
    before: many(1),
    perform: (log, book) =>
      produce(log, book, [
        [2, 'a'],
        [0, 'b'],
        [1, 'c'],
        [0, 'd'],
      ]),
  },
  {
    name: 'produce with a key to three partitions',
    partitions: 3,
    before: many(1),
    perform: (log, book) =>
      produceOnce(log, book, [
        [2, 'a'],
        [0, 'b'],
        [1, 'c'],
        [0, 'd'],
      ]),
  },
  { name: 'fetch', before: many(SEAL + 2), perform: (log) => readable(() => log.fetch(0, { kind: 'earliest' })) },
  {
    name: 'find a timestamp',
    before: many(SEAL + 2),
    perform: (log) => readable(() => log.fetch(0, { kind: 'timestamp', timestamp: 1 })),
  },
  {
    name: 'trim',
    before: many(SEAL + 2),
    perform: (log) => mayFail(() => log.offsets.trim(ACME, { topicId: log.topic.id, partition: 0 }, 3)),
  },
  {
    name: 'retention',
    before: many(SEAL + 2),
    perform: ({ offsets, topic }) =>
      mayFail(async () => {
        const ref = { topicId: topic.id, partition: 0 };
        const [head] = await offsets.readHeads(ACME, [ref]);
        const call = {
          tenant: ACME,
          ref,
          head: head!,
          retentionMs: -1,
          retentionBytes: 1000,
          knownSince: 0,
          isStillSo: async () => true,
        };
        await retain({ offsets, clock: systemClock }, call);
      }),
  },
  {
    name: 'more partitions',
    before: many(1),
    perform: (log) => mayFail(() => log.offsets.createPartitions(ACME, log.topic.id, 0, 3)),
  },
];

/** Laws 1 to 5, as they show: what was told is there, once and where it was told; what was refused is not; nothing is there twice. */
const expectLaws = async (log: LogOnAws, book: Book, before: readonly Wanted[], what: string): Promise<void> => {
  for (let partition = 0; partition < log.topic.partitions; partition += 1) {
    const { records, logStartOffset, highWatermark } = await log.fetch(partition, { kind: 'earliest' });
    const offsets = records.map(({ offset }) => offset);
    expect(offsets, what).toEqual(
      Array.from({ length: highWatermark - logStartOffset }, (_, at) => logStartOffset + at),
    );
    const of = (wanted: readonly Wanted[]) => wanted.filter(([at]) => at === partition).map(([, value]) => value);
    const told = book.told.filter((each) => each.partition === partition);
    const held = records.map(({ value }) => value!);
    for (const { offset, value } of told) expect(records[offset - logStartOffset]?.value, what).toBe(value);
    const [known, possible] = [
      [...of(before).slice(logStartOffset), ...told.map(({ value }) => value)],
      of(book.maybe),
    ];
    expect(held.filter((value) => !possible.includes(value)).sort(), what).toEqual(known.sort());
    expect(new Set(held).size, what).toBe(held.length);
  }
};

interface Trial {
  readonly operation: Operation;
  readonly fault?: Fault;
  readonly at?: number;
}

/** Performs an operation with one fault, lets late requests come, and looks at everything. Answers the calls that were sent. */
const tryOut = async (aws: Aws, { operation, fault, at = 0 }: Trial): Promise<readonly string[]> => {
  const what = fault === undefined ? operation.name : `${operation.name}: ${fault} at call ${at}`;
  const log = await aws.openLog(operation.partitions);
  for (const each of operation.before) await log.produce([each]);
  await log.groupCommit.idle();
  const book: Book = { told: [], maybe: [], refused: [] };
  aws.wire.start(fault, at);
  await operation.perform(log, book);
  const calls = [...aws.wire.calls];
  aws.wire.start();
  // One fault is settled before anybody is answered: nobody is left in doubt, and nobody is sent away.
  expect([...book.maybe, ...book.refused], what).toEqual([]);
  await produce(log, book, [[0, 'next']]);
  expect(
    book.refused.filter(([, value]) => value === 'next'),
    what,
  ).toEqual([]);
  await expectLaws(aws.again(log), book, operation.before, what);
  await aws.wire.deliverLate();
  await expectLaws(aws.again(log), book, operation.before, `${what}, after late requests`);
  await produce(aws.again(log), book, [[0, 'last']]);
  await expectLaws(aws.again(log), book, operation.before, `${what}, at the end`);
  return calls;
};

const expectLawsAtEveryCall = async (aws: Aws, operation: Operation): Promise<void> => {
  const calls = await tryOut(aws, { operation });
  expect(calls.length).toBeGreaterThan(0);
  for (const at of calls.keys()) {
    for (const fault of FAULTS) await tryOut(aws, { operation, fault, at });
  }
  console.log(`${operation.name}: ${calls.length} calls × ${FAULTS.length} faults (${calls.join(', ')})`);
};

describe('one fault at every call of every operation', () => {
  let aws: Aws;
  beforeAll(async () => {
    aws = await openAws('DynamoDB Local');
  });
  afterAll(() => aws.close());

  it.each(OPERATIONS)('$name', { timeout: 180_000 }, (operation) => expectLawsAtEveryCall(aws, operation));
});

describe('one fault at every call, with more partitions than a transaction takes', () => {
  let aws: Aws;
  beforeAll(async () => {
    aws = await openAws('DynamoDB Local', 0, 2);
  });
  afterAll(() => aws.close());

  const wanted = [4, 0, 3, 1, 2, 4].map((partition, at): Wanted => [partition, `record ${at}`]);
  it('produce with a key to five partitions, two at a time', { timeout: 180_000 }, () =>
    expectLawsAtEveryCall(aws, {
      name: 'produce with a key to five partitions, two at a time',
      partitions: 5,
      before: many(1),
      perform: (log, book) => produceOnce(log, book, wanted),
    }),
  );
});

describe('one fault at every call, with three zones', () => {
  let aws: Aws;
  beforeAll(async () => {
    aws = await openAws('DynamoDB Local', 3);
  });
  afterAll(() => aws.close());

  const operations: readonly Operation[] = [
    { name: 'produce', before: many(1), perform: (log, book) => produce(log, book, [[0, LARGE]]) },
    { name: 'fetch', before: [[0, LARGE]], perform: (log) => readable(() => log.fetch(0, { kind: 'earliest' })) },
  ];
  it.each(operations)('$name', { timeout: 180_000 }, (operation) => expectLawsAtEveryCall(aws, operation));
});
