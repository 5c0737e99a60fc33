import type { Command } from 'commander';
import type { RepairReport } from '../../client/maintain.ts';
import { CliError } from '../cli-error.ts';
import { connect, globalOptions } from '../connection/connect.ts';
import { EXIT } from '../exit.ts';
import { showOne } from '../output/show.ts';

type Counts = Omit<RepairReport, 'nextCursor'>;

const add = (left: Counts, right: Counts): Counts => ({
  checked: left.checked + right.checked,
  copied: left.copied + right.copied,
  short: left.short + right.short,
  unreadable: left.unreadable + right.unreadable,
});

const repair = async (_options: object, command: Command): Promise<void> => {
  const client = connect(command);
  let counts: Counts = { checked: 0, copied: 0, short: 0, unreadable: 0 };
  let cursor: string | undefined;
  do {
    const { nextCursor, ...more } = await client.repair(cursor);
    counts = add(counts, more);
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  await showOne(counts, globalOptions(command));
  const { short, unreadable } = counts;
  if (short + unreadable > 0)
    throw new CliError(
      'incomplete',
      `${short} batches have too few copies, ${unreadable} cannot be read.`,
      EXIT.failure,
    );
};

export const addRepair = (program: Command): void => {
  program
    .command('repair')
    .description('bring back the copies that a lost zone has left missing, with the operator key')
    .action(repair);
};
