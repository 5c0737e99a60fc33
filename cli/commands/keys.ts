import type { Command } from 'commander';
import type { ApiKey, NewApiKey } from '../../client/keys.ts';
import { itemsOf } from '../../client/page.ts';
import { ACTIONS, type Action, type Scope } from '../../shared/contract/scope.ts';
import { collect, nameArgument, wholeNumber } from '../arguments.ts';
import { usageError } from '../cli-error.ts';
import { collectItems } from '../collect-items.ts';
import { confirm } from '../confirm.ts';
import { connect, globalOptions } from '../connection/connect.ts';
import { showList, showOne } from '../output/show.ts';
import { note } from '../output/write.ts';
import { scopesText } from '../scope-text.ts';

interface TenantOption {
  readonly tenant?: string;
}

const isAction = (text: string): text is Action => ACTIONS.some((action) => action === text);

/** `produce,fetch:orders,logs.*`: actions, then the topics they hold for. */
const parseScope = (text: string): Scope => {
  const [before = '', ...behind] = text.split(':');
  const actions = before.split(',');
  const topics = behind.join(':').split(',');
  if (!actions.every(isAction) || topics.some((topic) => topic === '')) {
    throw usageError(
      `"${text}" is not a scope. Write ACTIONS:TOPICS, as in produce,fetch:orders,logs.* (${ACTIONS.join(', ')}).`,
    );
  }
  return { actions, topics };
};

const showNewKey = async (created: NewApiKey, command: Command): Promise<void> => {
  const { json = false } = globalOptions(command);
  const { id, name, scopes, createdAt, expiresAt } = created;
  const key = created.key.reveal();
  if (!json) note('The key is shown this once.');
  await showOne(
    json
      ? { id, key, name, scopes, createdAt, expiresAt }
      : { id, key, name, scopes: scopesText(scopes), createdAt, expiresAt },
    { json },
  );
};

const create = async (
  name: string,
  options: TenantOption & { readonly scope: readonly string[]; readonly expiresAt?: string },
  command: Command,
): Promise<void> => {
  const scopes = options.scope.map(parseScope);
  const expiry = options.expiresAt === undefined ? {} : { expiresAt: options.expiresAt };
  await showNewKey(
    await connect(command)
      .keys(options.tenant)
      .create({ name, scopes, ...expiry }),
    command,
  );
};

const list = async ({ tenant }: TenantOption, command: Command): Promise<void> => {
  const keys = connect(command).keys(tenant);
  const items = await collectItems(itemsOf((query) => keys.list(query)));
  const columns = [
    { title: 'ID', cell: ({ id }: ApiKey) => id },
    { title: 'CREATED', cell: ({ createdAt }: ApiKey) => createdAt },
    { title: 'EXPIRES', cell: ({ expiresAt }: ApiKey) => expiresAt ?? 'never' },
    { title: 'NAME', cell: (key: ApiKey) => key.name },
    { title: 'SCOPES', cell: ({ scopes }: ApiKey) => scopesText(scopes) },
  ];
  await showList(items, columns, globalOptions(command));
};

const rotate = async (
  id: string,
  { tenant, overlapMs }: TenantOption & { readonly overlapMs?: number },
  command: Command,
): Promise<void> => {
  const keys = connect(command).keys(tenant);
  await showNewKey(await keys.rotate(id, overlapMs === undefined ? {} : { overlapMs }), command);
};

const remove = async (
  id: string,
  options: TenantOption & { readonly yes?: boolean },
  command: Command,
): Promise<void> => {
  const keys = connect(command).keys(options.tenant);
  await confirm(`Delete the key ${id}? Whoever uses it is locked out.`, options);
  await keys.delete(id);
};

const OF_TENANT = ['--tenant <tenant>', 'whose keys; the operator has to say it', nameArgument] as const;

export const addKeys = (program: Command): void => {
  const keys = program.command('keys').description('API keys of a tenant');
  keys
    .command('list')
    .description('list them, without their secrets')
    .option(...OF_TENANT)
    .action(list);
  keys
    .command('create')
    .description('make one and show its secret, this once')
    .argument('<name>', 'a name for people')
    .requiredOption('--scope <actions:topics>', 'such as produce,fetch:orders,logs.*; may be repeated', collect)
    .option('--expires-at <time>', 'such as 2027-01-01T00:00:00Z')
    .option(...OF_TENANT)
    .action(create);
  keys
    .command('rotate')
    .description('give one a new secret and show it, this once')
    .argument('<id>', 'the id of the key', nameArgument)
    .option('--overlap-ms <ms>', 'how long the old secret still holds', wholeNumber())
    .option(...OF_TENANT)
    .action(rotate);
  keys
    .command('delete')
    .description('revoke one')
    .argument('<id>', 'the id of the key', nameArgument)
    .option('--yes', 'do not ask')
    .option(...OF_TENANT)
    .action(remove);
};
