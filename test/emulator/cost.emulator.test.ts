import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMIT_UNITS, FETCHED_TOGETHER, OPERATIONS, type Operation } from '../../scripts/cost/operations.ts';
import { SEAL } from '../../shared/ports/offset-store.ts';
import { type Aws, openAws } from './log-on-aws.ts';

const KILOBYTE = 'x'.repeat(1000);
const ROUNDS = 2 * SEAL;

/** What the cost table is computed from is what leaves the SDK and what the emulator bills, as AWS does. */
describe('the operations of the cost table', () => {
  let aws: Aws;
  beforeAll(async () => {
    aws = await openAws('MiniStack');
  });
  afterAll(() => aws.close());

  const measure = async (rounds: number, perform: () => Promise<unknown>): Promise<Operation> => {
    aws.wire.start();
    for (let round = 0; round < rounds; round += 1) await perform();
    const { PutObject = 0, GetObject = 0 } = aws.wire.counts();
    const { write, read } = aws.wire.units;
    const each = (sum: number): number => sum / rounds;
    return {
      writeUnits: each(write),
      readUnits: each(read),
      puts: each(PutObject),
      gets: each(GetObject),
      functionMs: 0,
    };
  };

  const expectAtMost = (measured: Operation, assumed: Operation): void => {
    expect(measured.writeUnits).toBeLessThanOrEqual(assumed.writeUnits + 0.05);
    expect(measured.readUnits).toBeLessThanOrEqual(assumed.readUnits);
    expect(measured.puts).toBe(assumed.puts);
    expect(measured.gets).toBe(assumed.gets);
  };

  it('cost a small record no more than it says, to produce and to read', async () => {
    const log = await aws.openLog();
    await log.produce([[0, KILOBYTE]]);
    const produced = await measure(ROUNDS, () => log.produce([[0, KILOBYTE]]));
    await log.groupCommit.idle();
    expectAtMost(produced, OPERATIONS.produceOne);
    expect(produced.writeUnits).toBeGreaterThan(COMMIT_UNITS + 1);
    for (let more = ROUNDS; more < FETCHED_TOGETHER + 1; more += 1) await log.produce([[0, KILOBYTE]]);
    const reader = aws.again(log);
    const fetched = await measure(1, () => reader.fetch(0, { kind: 'offset', offset: 1 }, FETCHED_TOGETHER));
    expectAtMost(fetched, OPERATIONS.fetchOnes);
  });

  it('cost a hundred records in one request no more than it says', async () => {
    const log = await aws.openLog();
    const hundred = Array.from({ length: 100 }, () => [0, KILOBYTE] as const);
    await log.produce(hundred);
    const produced = await measure(ROUNDS, () => log.produce(hundred));
    await log.groupCommit.idle();
    expectAtMost(produced, OPERATIONS.produceHundred);
    const fetched = await measure(1, () => aws.again(log).fetch(0, { kind: 'offset', offset: 100 }, 100));
    expectAtMost(fetched, OPERATIONS.fetchHundred);
  });
});
