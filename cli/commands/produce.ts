import { randomUUID } from 'node:crypto';
import { type Command, Option } from 'commander';
import { ApiError } from '../../client/api-error.ts';
import type { Client } from '../../client/client.ts';
import { isRefused } from '../../client/produce.ts';
import { withRetry } from '../../client/with-retry.ts';
import { collect, nameArgument, wholeNumber } from '../arguments.ts';
import { usageError } from '../cli-error.ts';
import { connect, globalOptions } from '../connection/connect.ts';
import { EXIT } from '../exit.ts';
import type { Batch } from '../input/batch.ts';
import { BatchSender } from '../input/batch-sender.ts';
import { type LineForm, recordMaker } from '../input/line-record.ts';
import { atRecord } from '../input/place.ts';
import { sendLines } from '../input/send-lines.ts';
import { type Source, sourcesOf } from '../input/sources.ts';
import { Tally } from '../input/tally.ts';
import { type Progress, progressBar } from '../output/progress-bar.ts';
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

/** A batch under a key of its own: sent again after a lost answer, it is stored once. Reports what was stored to the tally. */
const batchStorer = (client: Client, topic: string, tally: Tally, stored: (lines: string) => Promise<void>) => {
  const run = randomUUID();
  let batches = 0;
  return async (batch: Batch): Promise<void> => {
    batches += 1;
    const idempotencyKey = `chasqui-cli.${run}.${batches}`;
    const body = batch.body();
    const send = () => client.produceNdjson(topic, body, { idempotencyKey });
    const onRetry = (error: ApiError) => note(`chasqui: ${error.code}; trying again …`);
    const { results } = await withRetry(send, { onRetry }).catch((error: unknown) => {
      throw atRecord(error, batch.places);
    });
    for (const result of results) if (!isRefused(result)) tally.add(result);
    tally.inputBytes += batch.inputBytes;
    await stored(results.map((result) => `${JSON.stringify(result)}\n`).join(''));
    const refused = results.find(isRefused)?.error;
    if (refused !== undefined) throw new ApiError({ ...refused, status: 207, repeatable: false });
  };
};

const totalBytes = (sources: readonly Source[]): number | undefined =>
  sources.reduce<number | undefined>(
    (sum, { bytes }) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
    0,
  );

const barFor = (sources: readonly Source[], tally: Tally): Progress & { readonly show: () => void } => {
  const total = totalBytes(sources);
  const bar = progressBar(total ?? 0);
  const startedAt = performance.now();
  const show = () => {
    if (total === undefined) return;
    const perSecond = Math.round((tally.records * 1000) / (performance.now() - startedAt));
    bar.update(tally.inputBytes, `${tally.records.toLocaleString('en')} records  ${perSecond.toLocaleString('en')}/s`);
  };
  return { ...bar, show };
};

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
  const bar = barFor(sources, tally);
  const stored = async (lines: string) => {
    if (json) await write(lines);
    bar.show();
  };
  const leave = () => {
    bar.end();
    note(`Interrupted. ${tally.records} records are stored; a request that was under way may have stored more.`);
    process.exit(EXIT.interrupted);
  };
  process.once('SIGINT', leave).once('SIGTERM', leave);
  try {
    await sendLines(sources, makeRecord, new BatchSender(batchStorer(client, topic, tally, stored)));
  } catch (error) {
    bar.end();
    if (!json) note(`${tally.records} records were stored before this:`);
    throw error;
  }
  bar.end();
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
