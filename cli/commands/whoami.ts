import type { Command } from 'commander';
import { connect, globalOptions } from '../connection/connect.ts';
import { showOne } from '../output/show.ts';
import { scopesText } from '../scope-text.ts';

const whoami = async (_options: object, command: Command): Promise<void> => {
  const answer = await connect(command).whoami();
  const { json = false } = globalOptions(command);
  await showOne(json ? answer : { ...answer, scopes: scopesText(answer.scopes) }, { json });
};

export const addWhoami = (program: Command): void => {
  program.command('whoami').description('show whose key this is and what it may do').action(whoami);
};
