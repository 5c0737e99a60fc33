import { Command } from 'commander';
import { addConsume } from './commands/consume.ts';
import { addFetch } from './commands/fetch.ts';
import { addGroups } from './commands/groups.ts';
import { addKeys } from './commands/keys.ts';
import { addProduce } from './commands/produce.ts';
import { addProfile } from './commands/profile.ts';
import { addRepair } from './commands/repair.ts';
import { addServe } from './commands/serve.ts';
import { addSubscriptions } from './commands/subscriptions.ts';
import { addTail } from './commands/tail.ts';
import { addTenants } from './commands/tenants.ts';
import { addTopics } from './commands/topics.ts';
import { addWhoami } from './commands/whoami.ts';
import { EXIT_CODES_HELP } from './exit.ts';

export interface Surroundings {
  readonly version: string;
  /** Runs the embedded bus in this process. */
  readonly startServer: () => Promise<unknown>;
}

const ENVIRONMENT_HELP = `
Where it connects to, the first that is there:
  --url and --api-key
  --profile NAME
  CHASQUI_URL and CHASQUI_KEY
  the current profile
  http://127.0.0.1:4000`;

export const createProgram = ({ version, startServer }: Surroundings): Command => {
  const program = new Command('chasqui')
    .description('Topics, records and tenants of a Chasqui event bus.')
    .version(version)
    .option('--url <url>', 'where the deployment answers')
    .option('--api-key <key>', 'a key, seen by all who may list processes: CHASQUI_KEY or a profile is better')
    .option('--profile <name>', 'a profile of yours')
    .option('--json', 'for machines: one line of JSON a thing; errors too')
    .addHelpText('after', `${ENVIRONMENT_HELP}\n${EXIT_CODES_HELP}`)
    // What is wrong is thrown, and reported where all errors are.
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  addServe(program, startServer);
  addProduce(program);
  addFetch(program);
  addTail(program);
  addConsume(program);
  addTopics(program);
  addGroups(program);
  addSubscriptions(program);
  addKeys(program);
  addTenants(program);
  addRepair(program);
  addWhoami(program);
  addProfile(program);
  return program;
};
