import { type Command, InvalidArgumentError } from 'commander';
import type { GroupMember, GroupPartition, GroupSeek, SoughtOffset } from '../../client/groups.ts';
import { itemsOf } from '../../client/page.ts';
import { nameArgument, timeMs } from '../arguments.ts';
import { collectItems } from '../collect-items.ts';
import { confirm } from '../confirm.ts';
import { connect, globalOptions } from '../connection/connect.ts';
import { showList, showOne } from '../output/show.ts';
import { note } from '../output/write.ts';

const placeColumns = [
  { title: 'TOPIC', cell: ({ topic }: { readonly topic: string }) => topic },
  { title: 'PARTITION', isNumber: true, cell: ({ partition }: { readonly partition: number }) => String(partition) },
];

const list = async (_options: object, command: Command): Promise<void> => {
  const { groups } = connect(command);
  const items = await collectItems(itemsOf((query) => groups.list(query)));
  await showList(items, [{ title: 'GROUP', cell: ({ group }) => group }], globalOptions(command));
};

const memberColumns = [
  { title: 'MEMBER', cell: ({ member }: GroupMember) => member },
  { title: 'GENERATION', isNumber: true, cell: ({ generation }: GroupMember) => String(generation) },
  { title: 'PARTITIONS', isNumber: true, cell: ({ assignment }: GroupMember) => String(assignment.length) },
  { title: 'EXPIRES', cell: ({ expiresAt }: GroupMember) => expiresAt },
  { title: 'TOPICS', cell: ({ topics }: GroupMember) => topics.join(',') },
];

const partitionColumns = [
  ...placeColumns,
  {
    title: 'COMMITTED',
    isNumber: true,
    cell: ({ committedOffset }: GroupPartition) => (committedOffset === null ? '-' : String(committedOffset)),
  },
  { title: 'END', isNumber: true, cell: ({ highWatermark }: GroupPartition) => String(highWatermark) },
  { title: 'LAG', isNumber: true, cell: ({ lag }: GroupPartition) => String(lag) },
  { title: 'OWNER', cell: ({ owner }: GroupPartition) => owner ?? '-' },
];

const describe = async (name: string, _options: object, command: Command): Promise<void> => {
  const group = await connect(command).groups.get(name);
  const form = globalOptions(command);
  if (form.json) return showOne(group, form);
  await showList(group.members, memberColumns, form);
  note('');
  await showList(group.partitions, partitionColumns, form);
  note(`Lag in all: ${group.lag}.`);
};

interface SeekOptions {
  readonly topic: string;
  readonly to: GroupSeek['to'];
  readonly partitions?: readonly number[];
  readonly dryRun?: boolean;
}

const seekColumns = [
  ...placeColumns,
  { title: 'FROM', isNumber: true, cell: ({ from }: SoughtOffset) => (from === null ? '-' : String(from)) },
  { title: 'TO', isNumber: true, cell: ({ to }: SoughtOffset) => String(to) },
];

const seek = async (name: string, options: SeekOptions, command: Command): Promise<void> => {
  const { topic, to, partitions, dryRun } = options;
  const { offsets } = await connect(command).groups.seek(name, { topic, to, partitions, dryRun });
  await showList(offsets, seekColumns, globalOptions(command));
  if (dryRun) note('Nothing was changed.');
};

const remove = async (name: string, options: { readonly yes?: boolean }, command: Command): Promise<void> => {
  const { groups } = connect(command);
  await confirm(`Delete the group ${name} and its offsets?`, options);
  await groups.delete(name);
};

/** `earliest`, `latest`, `offset:7`, or a time. */
const target = (text: string): GroupSeek['to'] => {
  if (text === 'earliest' || text === 'latest') return text;
  const [, offset] = /^offset:(\d{1,16})$/.exec(text) ?? [];
  return offset === undefined ? { timestamp: timeMs(text) } : { offset: Number(offset) };
};

const partitionList = (text: string): number[] => {
  if (/^\d{1,4}(,\d{1,4})*$/.test(text)) return text.split(',').map(Number);
  throw new InvalidArgumentError('It is a list of numbers, such as 0,3,5.');
};

export const addGroups = (program: Command): void => {
  const groups = program.command('groups').description('consumer groups');
  groups.command('list').description('list them').action(list);
  groups
    .command('describe')
    .description('show its members, and how far behind it is')
    .argument('<group>', 'its name', nameArgument)
    .action(describe);
  groups
    .command('seek')
    .description('move its committed offsets, forward or back')
    .argument('<group>', 'its name', nameArgument)
    .requiredOption('--topic <topic>', 'of this topic', nameArgument)
    .requiredOption('--to <where>', 'earliest, latest, offset:7, or a time: 2026-01-31T12:00:00Z or ms', target)
    .option('--partitions <list>', 'of these only, such as 0,3,5', partitionList)
    .option('--dry-run', 'only show what would change')
    .action(seek);
  groups
    .command('delete')
    .description('delete one with its offsets; its members make it anew when they poll')
    .argument('<group>', 'its name', nameArgument)
    .option('--yes', 'do not ask')
    .action(remove);
};
