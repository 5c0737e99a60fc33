import type { Client } from '../../client/client.ts';
import { GroupChecker } from './check-group.ts';
import type { Check } from './check-records.ts';
import { Consumer } from './consumer.ts';
import { Stopwatch } from './stopwatch.ts';

export interface GroupWork {
  readonly stopwatch: Stopwatch;
  readonly checks: readonly Check[];
  readonly repeats: number;
  /** What each has handled, the dead one too. */
  readonly handled: readonly { readonly name: string; readonly records: number; readonly isDead: boolean }[];
}

const NAMES = ['amaru', 'killa', 'wayra'] as const;
/** The first is killed in the middle of a batch. */
const DIES_AFTER = 2150;

/** A group of three works the flights off; one is killed on the way, and the others take over what it had. */
export const workOff = async (client: Client, topic: string, flights: number): Promise<GroupWork> => {
  const checker = new GroupChecker(flights);
  const stopwatch = new Stopwatch();
  const group = `${topic}-group`;
  const work = { client, group, topic, checker, stopwatch };
  const consumers = NAMES.map((name, at) => new Consumer(work, name, at === 0 ? DIES_AFTER : undefined));
  try {
    await Promise.all(consumers.map((consumer) => consumer.run()));
    const { lag } = await client.groups.get(group);
    const handled = consumers.map(({ name, handled: records }, at) => ({ name, records, isDead: at === 0 }));
    return {
      stopwatch,
      checks: [...checker.checks(), { name: 'no lag', faults: lag }],
      repeats: checker.repeats,
      handled,
    };
  } finally {
    await client.groups.delete(group).catch(() => undefined);
  }
};
