import type { Command } from 'commander';
import { itemsOf } from '../../client/page.ts';
import type { Tenant } from '../../client/tenants.ts';
import { nameArgument } from '../arguments.ts';
import { collectItems } from '../collect-items.ts';
import { confirm } from '../confirm.ts';
import { connect, globalOptions } from '../connection/connect.ts';
import { showList, showOne } from '../output/show.ts';
import { note } from '../output/write.ts';
import { unlessThere } from '../unless-there.ts';

const list = async (_options: object, command: Command): Promise<void> => {
  const client = connect(command);
  const tenants = await collectItems(itemsOf((query) => client.tenants.list(query)));
  const columns = [
    { title: 'TENANT', cell: ({ id }: Tenant) => id },
    { title: 'CREATED', cell: ({ createdAt }: Tenant) => createdAt },
    { title: 'NAME', cell: ({ name }: Tenant) => name },
  ];
  await showList(tenants, columns, globalOptions(command));
};

interface Fields {
  readonly name?: string;
}

const fieldsOf = ({ name }: Fields): Fields => (name === undefined ? {} : { name });

const create = async (id: string, options: Fields, command: Command): Promise<void> => {
  const { tenants } = connect(command);
  const { created, ...tenant } = await unlessThere(tenants.get(id), () => tenants.put(id, fieldsOf(options)));
  if (!created) note(`${id} was there already.`);
  await showOne(tenant, globalOptions(command));
};

const update = async (id: string, options: Fields, command: Command): Promise<void> => {
  const { tenants } = connect(command);
  // PUT would make the tenant that a slip of the pen names.
  await tenants.get(id);
  const { created: _created, ...tenant } = await tenants.put(id, fieldsOf(options));
  await showOne(tenant, globalOptions(command));
};

const remove = async (
  id: string,
  options: { readonly yes?: boolean; readonly cascade?: boolean },
  command: Command,
): Promise<void> => {
  const { tenants } = connect(command);
  await confirm(`Delete the tenant ${id}${options.cascade ? ' with all its topics and their records' : ''}?`, options);
  await tenants.delete(id, { cascade: options.cascade ?? false });
};

export const addTenants = (program: Command): void => {
  const tenants = program.command('tenants').description('tenants of the deployment, with the operator key');
  tenants.command('list').description('list them').action(list);
  tenants
    .command('get')
    .description('show one')
    .argument('<tenant>', 'its id', nameArgument)
    .action(async (id: string, _options: object, command: Command) =>
      showOne(await connect(command).tenants.get(id), globalOptions(command)),
    );
  tenants
    .command('create')
    .description('make one; harmless where it is there already')
    .argument('<tenant>', 'its id', nameArgument)
    .option('--name <text>', 'a name for people')
    .action(create);
  tenants
    .command('update')
    .description('change one')
    .argument('<tenant>', 'its id', nameArgument)
    .requiredOption('--name <text>', 'a name for people')
    .action(update);
  tenants
    .command('delete')
    .description('delete one for ever')
    .argument('<tenant>', 'its id', nameArgument)
    .option('--cascade', 'with its topics and their records')
    .option('--yes', 'do not ask')
    .action(remove);
};
