import type { Command } from 'commander';
import { connect, globalOptions } from '../connection/connect.ts';
import { showOne } from '../output/show.ts';

export const addWhoami = (program: Command): void => {
  program
    .command('whoami')
    .description('show whose key this is and what it may do')
    .action(async (_options: object, command: Command) =>
      showOne(await connect(command).whoami(), globalOptions(command)),
    );
};
