import { type Command, Option } from 'commander';
import { collect, nameArgument, wholeNumber } from '../arguments.ts';
import { usageError } from '../cli-error.ts';
import { connect, globalOptions } from '../connection/connect.ts';
import { EXIT } from '../exit.ts';
import { BatchSender } from '../input/batch-sender.ts';
import { batchStorer } from '../input/batch-storer.ts';
import { inputBar } from '../input/input-bar.ts';
import { type LineForm, recordMaker } from '../input/line-record.ts';
import { sendLines } from '../input/send-lines.ts';
import { sourcesOf } from '../input/sources.ts';
import { Tally } from '../input/tally.ts';
import { note, write } from '../output/write.ts';

interface ProduceOptions {
  readonly ndjson?: boolean;
  readonly jsonValues?: boolean;
  readonly key?: string;
  readonly keySeparator?: string;
  readonly partition?: number;
  readonly header?: readonly string[];
}

const headersOf = (pairs: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw usageError(`"${pair}" is not a header; write NAME=VALUE.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );

const formOf = ({ ndjson, jsonValues, key, keySeparator, partition, header }: ProduceOptions): LineForm => ({
  kind: ndjson ? 'record' : jsonValues ? 'json' : 'text',
  ...(key === undefined ? {} : { key }),
  ...(keySeparator === undefined ? {} : { keySeparator }),
  ...(partition === undefined ? {} : { partition }),
  ...(header === undefined ? {} : { headers: headersOf(header) }),
});

const produce = async (
  topic: string,
  files: readonly string[],
  options: ProduceOptions,
  command: Command,
): Promise<void> => {
  const { json = false } = globalOptions(command);
  const makeRecord = recordMaker(formOf(options));
  const sources = sourcesOf(files);
  const client = connect(command);
  if (process.stdin.isTTY && files.length === 0) note('Reading lines from the terminal; Ctrl-D ends.');

  const tally = new Tally();
  const bar = inputBar(sources, tally);
  const stored = async (lines: string) => {
    if (json) await write(lines);
    bar.show();
  };
  const leave = (why: string, code: number): never => {
    bar.end();
    note(`${why} Stored: ${tally.records}; a request that was under way may have stored more.`);
    return process.exit(code);
  };
  const interrupted = () => leave('Interrupted.', EXIT.interrupted);
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  // Also for `… | head`: that its reader has seen enough does not mean that all is stored.
  const cutOff = ({ code, message }: NodeJS.ErrnoException) =>
    leave(`The output cannot be written (${code ?? message}).`, EXIT.failure);
  process.stdout.prependListener('error', cutOff);
  try {
    await sendLines(sources, makeRecord, new BatchSender(batchStorer(client, topic, tally, stored)));
  } catch (error) {
    bar.end();
    if (!json && tally.records > 0) note(`Stored before this: ${tally.records}.`);
    throw error;
  }
  bar.end();
  process.stdout.off('error', cutOff);
  if (!json) await write(tally.toString());
};

export const addProduce = (program: Command): void => {
  program
    .command('produce')
    .description('store records: each line of the files, or of standard input, is one')
    .argument('<topic>', 'where to', nameArgument)
    .argument('[files...]', 'files to read; - is standard input')
    .addOption(
      new Option('--ndjson', 'each line is a whole record: {"key": …, "value": …, "headers": …}').conflicts([
        'jsonValues',
        'key',
        'keySeparator',
        'partition',
        'header',
      ]),
    )
    .option('--json-values', 'each line is a JSON value')
    .addOption(new Option('--key <key>', 'the key of every record').conflicts('keySeparator'))
    .option('--key-separator <text>', 'what stands between key and value in each line')
    .option('--partition <n>', 'the partition of every record', wholeNumber())
    .option('--header <name=value>', 'a header of every record; may be repeated', collect)
    .action(produce);
};
