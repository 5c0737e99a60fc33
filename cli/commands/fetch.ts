import { type Command, Option } from 'commander';
import type { Client } from '../../client/client.ts';
import { nameArgument, timeMs, wholeNumber } from '../arguments.ts';
import { usageError } from '../cli-error.ts';
import { connect, globalOptions } from '../connection/connect.ts';
import { note } from '../output/write.ts';
import { lastRecords } from '../records/last.ts';
import { type PageLimits, partitionPages, topicPages } from '../records/pages.ts';
import { printerFor } from '../records/printer.ts';

interface FetchOptions {
  readonly partition?: number;
  readonly offset?: number;
  readonly timestamp?: number;
  readonly from?: 'earliest' | 'latest';
  readonly tail?: number;
  readonly limit?: number;
  readonly all?: boolean;
  readonly waitMs?: number;
  readonly values?: boolean;
}

const LIMIT = 500;

const pagesOf = (client: Client, topic: string, options: FetchOptions, limits: PageLimits) => {
  const { partition, offset, timestamp, from } = options;
  if (partition !== undefined) return partitionPages(client, topic, partition, { offset, timestamp, from }, limits);
  if (offset !== undefined) throw usageError('--offset needs --partition: each partition has offsets of its own.');
  return topicPages(client, topic, { from: timestamp ?? from }, limits);
};

const fetchLast = async (client: Client, topic: string, options: FetchOptions, command: Command): Promise<void> => {
  const print = printerFor({ ...options, ...globalOptions(command) });
  const records = await lastRecords(client, topic, options.partition, options.tail ?? 0);
  await print(Buffer.from(records.map(({ line }) => `${line}\n`).join('')));
};

const fetch = async (topic: string, options: FetchOptions, command: Command): Promise<void> => {
  const client = connect(command);
  if (options.tail !== undefined) return fetchLast(client, topic, options, command);
  const print = printerFor({ ...options, ...globalOptions(command) });
  const limit = options.all ? Number.POSITIVE_INFINITY : (options.limit ?? LIMIT);
  const pages = pagesOf(client, topic, options, { limit, waitMs: options.waitMs });
  let page = await pages.next();
  for (; !page.done; page = await pages.next()) await print(page.value, options.partition);
  if (page.value && options.limit === undefined) note(`These are the first ${LIMIT}; --limit N or --all gives more.`);
};

const STARTS = ['offset', 'timestamp', 'from', 'tail'];
const startOption = (flags: string, description: string, name: string): Option =>
  new Option(flags, description).conflicts(STARTS.filter((other) => other !== name));

export const addFetch = (program: Command): void => {
  program
    .command('fetch')
    .description('read records: a table, with --json one record a line just as it was stored')
    .argument('<topic>', 'where from', nameArgument)
    .option('--partition <n>', 'of one partition only', wholeNumber())
    .addOption(startOption('--offset <n>', 'from this offset of the partition', 'offset').argParser(wholeNumber()))
    .addOption(
      startOption(
        '--timestamp <time>',
        'from the first record of this time or later: 2026-01-31T12:00:00Z, or ms',
        'timestamp',
      ).argParser(timeMs),
    )
    .addOption(startOption('--from <where>', 'from one end (earliest)', 'from').choices(['earliest', 'latest']))
    .addOption(startOption('--tail <n>', 'the last n records', 'tail').argParser(wholeNumber()))
    .option('--limit <n>', `how many records at most (${LIMIT})`, wholeNumber(1))
    .addOption(new Option('--all', 'to the end').conflicts('limit'))
    .option('--wait-ms <ms>', 'how long to wait for a first record, up to 20000 (0)', wholeNumber())
    .option('--values', 'the values only, a line each')
    .action(fetch);
};
