import type { Command } from 'commander';
import { itemsOf } from '../../client/page.ts';
import type { PartitionState, Topic, TopicFields } from '../../client/topics.ts';
import { nameArgument, wholeNumber } from '../arguments.ts';
import { usageError } from '../cli-error.ts';
import { collectItems } from '../collect-items.ts';
import { confirm } from '../confirm.ts';
import { connect, globalOptions } from '../connection/connect.ts';
import { showList, showOne } from '../output/show.ts';
import { note } from '../output/write.ts';
import { unlessThere } from '../unless-there.ts';
import { addDeleteRecords } from './delete-records.ts';

const list = async ({ prefix }: { readonly prefix?: string }, command: Command): Promise<void> => {
  const { topics } = connect(command);
  const filter = prefix === undefined ? {} : { prefix };
  const items = await collectItems(itemsOf((query) => topics.list({ ...query, ...filter })));
  const columns = [
    { title: 'PARTITIONS', isNumber: true, cell: (topic: Topic) => String(topic.partitions) },
    { title: 'RETENTION MS', isNumber: true, cell: (topic: Topic) => String(topic.retentionMs) },
    { title: 'CREATED', cell: (topic: Topic) => topic.createdAt },
    { title: 'TOPIC', cell: (topic: Topic) => topic.name },
  ];
  await showList(items, columns, globalOptions(command));
};

const get = async (name: string, _options: object, command: Command): Promise<void> =>
  showOne(await connect(command).topics.get(name), globalOptions(command));

const partitions = async (name: string, _options: object, command: Command): Promise<void> => {
  const { data } = await connect(command).topics.partitions(name);
  const columns = [
    { title: 'PARTITION', isNumber: true, cell: ({ partition }: PartitionState) => String(partition) },
    { title: 'LOG START', isNumber: true, cell: ({ logStartOffset }: PartitionState) => String(logStartOffset) },
    { title: 'HIGH WATERMARK', isNumber: true, cell: ({ highWatermark }: PartitionState) => String(highWatermark) },
    { title: 'BYTES', isNumber: true, cell: ({ retainedBytes }: PartitionState) => String(retainedBytes) },
  ];
  await showList(data, columns, globalOptions(command));
};

const create = async (name: string, options: TopicFields, command: Command): Promise<void> => {
  const { topics } = connect(command);
  const { created, ...topic } = await unlessThere(topics.get(name), () => topics.put(name, options));
  if (!created) note(`${name} was there already.`);
  await showOne(topic, globalOptions(command));
};

const update = async (name: string, options: TopicFields, command: Command): Promise<void> => {
  if (Object.keys(options).length === 0) throw usageError('Say what to change, such as --partitions 6.');
  await showOne(await connect(command).topics.patch(name, options), globalOptions(command));
};

const remove = async (name: string, options: { readonly yes?: boolean }, command: Command): Promise<void> => {
  const { topics } = connect(command);
  await confirm(`Delete the topic ${name} and all its records?`, options);
  await topics.delete(name);
};

const withFields = (command: Command): Command =>
  command
    .option('--partitions <n>', 'how many; can grow, never shrink', wholeNumber(1))
    .option('--retention-ms <ms>', 'how long records are kept; -1: for ever', wholeNumber(-1))
    .option('--retention-bytes <bytes>', 'how much a partition keeps; -1: no bound', wholeNumber(-1))
    .option('--cleanup-policy <policy>', 'delete or compact')
    .option('--replication-factor <n>', 'in how many zones a batch is stored', wholeNumber(1))
    .option('--write-quorum <n>', 'how many of them have to hold it before the answer', wholeNumber(1));

export const addTopics = (program: Command): void => {
  const topics = program.command('topics').description('topics of the tenant');
  topics.command('list').description('list them').option('--prefix <text>', 'only names that begin so').action(list);
  topics.command('get').description('show one').argument('<topic>', 'its name', nameArgument).action(get);
  topics
    .command('partitions')
    .description('show where its partitions begin and end')
    .argument('<topic>', 'its name', nameArgument)
    .action(partitions);
  withFields(topics.command('create').description('make one; harmless where it is there already'))
    .argument('<topic>', 'its name', nameArgument)
    .action(create);
  withFields(topics.command('update').description('change one'))
    .argument('<topic>', 'its name', nameArgument)
    .action(update);
  topics
    .command('delete')
    .description('delete one with its records, for ever')
    .argument('<topic>', 'its name', nameArgument)
    .option('--yes', 'do not ask')
    .action(remove);
  addDeleteRecords(topics);
};
