import { hostname } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { nameArgument, wholeNumber } from '../arguments.ts';
import { connect, globalOptions } from '../connection/connect.ts';
import { runCommand } from '../consume/run-command.ts';
import { type Handle, Worker, type WorkerOptions } from '../consume/worker.ts';
import { printerFor } from '../records/printer.ts';

interface ConsumeOptions {
  readonly group: string;
  readonly topics: readonly string[];
  readonly member?: string;
  readonly exec?: string;
  readonly from: 'earliest' | 'latest';
  readonly limit: number;
  readonly sessionTimeoutMs: number;
  readonly once?: boolean;
  readonly values?: boolean;
}

const LIMIT = 500;
const SESSION_MS = 30_000;
const WAIT_MS = 20_000;
/** What stops it, and what it ends with when it is told so twice: 128 and the signal's number, as shells have it. */
const STOPS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

/** Unique on its machine, and told by its name. */
const ownName = (): string =>
  `${hostname().replace(/[^A-Za-z0-9._-]/g, '-')}-${process.pid}`.replace(/^[^A-Za-z0-9]+/, '').slice(0, 128);

const topicList = (text: string): string[] => {
  const topics = text.split(',').map(nameArgument);
  if (new Set(topics).size === topics.length) return topics;
  throw new InvalidArgumentError('A topic stands there twice.');
};

const handlerOf = ({ exec, ...options }: ConsumeOptions, command: Command): Handle => {
  if (exec !== undefined) return (lines) => runCommand(exec, lines);
  const print = printerFor({ ...options, ...globalOptions(command), withTopic: options.topics.length > 1 });
  return (lines) => print(lines);
};

const consume = async (options: ConsumeOptions, command: Command): Promise<void> => {
  const { group, topics, from, limit, sessionTimeoutMs, once = false } = options;
  const member = options.member ?? ownName();
  const waitMs = once ? 0 : WAIT_MS;
  const settings: WorkerOptions = { group, member, topics, from, limit, sessionTimeoutMs, waitMs, once };
  const worker = new Worker(connect(command).groups, settings, handlerOf(options, command));
  for (const [name, code] of STOPS) {
    process.once(name, () => {
      worker.stop();
      // Asked twice, it ends at once, and takes the command with it.
      process.once(name, () => process.exit(code));
    });
  }
  await worker.run();
};

export const addConsume = (program: Command): void => {
  program
    .command('consume')
    .description('read as a member of a group, and commit what was handled')
    .requiredOption('--group <group>', 'the group', nameArgument)
    .requiredOption('--topics <list>', 'its topics, such as orders,payments', topicList)
    .option('--member <name>', 'who this is in the group (host and process)', nameArgument)
    .option('--exec <command>', 'for each batch: records on its input, a line each; committed when it succeeds')
    .addOption(
      new Option('--from <where>', 'where a new group begins').choices(['earliest', 'latest']).default('earliest'),
    )
    .option('--limit <n>', 'records in a batch at most', wholeNumber(1), LIMIT)
    .option(
      '--session-timeout-ms <ms>',
      'how soon the others take over when this one dies',
      wholeNumber(3000),
      SESSION_MS,
    )
    .option('--once', 'end when nothing is left, instead of waiting')
    .option('--values', 'without --exec: the values only, a line each')
    .action(consume);
};
