import type { Command } from 'commander';
import type { Client } from '../../client/client.ts';
import { nameArgument, wholeNumber } from '../arguments.ts';
import { connect, globalOptions } from '../connection/connect.ts';
import { patience } from '../patience.ts';
import { followPartition, followTopic } from '../records/follow.ts';
import { lastRecords } from '../records/last.ts';
import { linesOf } from '../records/lines.ts';
import { type Printer, printerFor } from '../records/printer.ts';
import { parseRecordLine, type RecordLine } from '../records/record-line.ts';

interface TailOptions {
  readonly lines: number;
  readonly follow?: boolean;
  readonly partition?: number;
  readonly values?: boolean;
}

const bytesOf = (records: readonly RecordLine[]): Buffer =>
  Buffer.from(records.map(({ line }) => `${line}\n`).join(''));

/**
 * The end is taken first and the last records are read then, so nothing between the two is missed; what is in both is left out of what
 * follows.
 */
const tailTopic = async (client: Client, topic: string, options: TailOptions, print: Printer): Promise<void> => {
  const end = await patience()(() => client.fetchTopicLines(topic, { from: 'latest' }));
  const last = await lastRecords(client, topic, undefined, options.lines);
  await print(bytesOf(last));
  if (!options.follow) return;
  const printed = new Map<number, number>();
  for (const { partition, offset } of last) printed.set(partition, Math.max(offset, printed.get(partition) ?? 0));
  const isNew = ({ partition, offset }: RecordLine) => offset > (printed.get(partition) ?? -1);
  const printNew = async (lines: Uint8Array) => {
    const records = linesOf(lines).map((line) => parseRecordLine(line));
    await print(bytesOf(records.filter(isNew)));
  };
  await printNew(end.lines);
  for await (const lines of followTopic(client, topic, end.cursor)) await printNew(lines);
};

const tailPartition = async (
  client: Client,
  topic: string,
  partition: number,
  { lines, follow = false }: TailOptions,
  print: Printer,
): Promise<void> => {
  const { nextOffset } = await patience()(() => client.fetchPartitionLines(topic, partition, { from: 'latest' }));
  const last = await lastRecords(client, topic, partition, lines);
  await print(bytesOf(last));
  if (!follow) return;
  const from = (last.at(-1)?.offset ?? nextOffset - 1) + 1;
  for await (const page of followPartition(client, topic, partition, from)) await print(page, partition);
};

const tail = async (topic: string, options: TailOptions, command: Command): Promise<void> => {
  const client = connect(command);
  const print = printerFor({ ...options, ...globalOptions(command) });
  const { partition } = options;
  if (partition === undefined) return tailTopic(client, topic, options, print);
  return tailPartition(client, topic, partition, options, print);
};

export const addTail = (program: Command): void => {
  program
    .command('tail')
    .description('show the last records; with -f, go on with those that come')
    .argument('<topic>', 'where from', nameArgument)
    .option('-n, --lines <n>', 'how many of the last records', wholeNumber(), 10)
    .option('-f, --follow', 'wait for more until interrupted')
    .option('--partition <n>', 'of one partition only', wholeNumber())
    .option('--values', 'the values only, a line each')
    .action(tail);
};
