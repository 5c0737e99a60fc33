import { randomInt } from 'node:crypto';
import { openEmbeddedStores } from '../../../../../shared/adapters/embedded/open-embedded-stores.ts';
import { createFakeClock } from '../../../../support/fake-clock.ts';
import { ACME, headOf, refOf, TOPIC } from '../../../../support/index-fixtures.ts';
import { append } from './journal-fixture.ts';

/**
 * A process to be killed: opens the folder that it is given and appends for ever, several writers on each of two partitions. Prints
 * `partition offset number` when an append was acknowledged. Seals as a domain would.
 */
const stores = await openEmbeddedStores({
  folder: process.argv[2]!,
  clock: createFakeClock(),
  rollBytes: 100_000,
  // A checkpoint is nearly always under way.
  checkpoints: { maxJournalBytes: 20_000 },
});
await stores.offsets.createPartitions(ACME, TOPIC, 0, 2);
process.stdout.write('open\n');

let last = (await headOf(stores.offsets, refOf(0))).nextOffset + (await headOf(stores.offsets, refOf(1))).nextOffset;

const sealWhenLong = async (partition: number): Promise<void> => {
  const { tail, baseOffset } = await headOf(stores.offsets, refOf(partition));
  if (tail.length >= 64) await stores.offsets.seal(ACME, refOf(partition), baseOffset, tail.slice(0, 32));
};

const write = async (partition: number): Promise<never> => {
  for (;;) {
    last += 1;
    const number = last;
    const offset = await append(stores, number, randomInt(1, 3000), partition);
    process.stdout.write(`${partition} ${offset} ${number}\n`);
    await sealWhenLong(partition);
  }
};

await Promise.all([0, 0, 0, 1, 1, 1].map(write));
