import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { createClient } from '../../client/client.ts';
import { nameArgument } from '../arguments.ts';
import { usageError } from '../cli-error.ts';
import { type Config, configPath, type Profile, readConfig, writeConfig } from '../connection/config-file.ts';
import { globalOptions } from '../connection/connect.ts';
import { DEFAULT_URL } from '../connection/resolve.ts';
import { showList } from '../output/show.ts';
import { note } from '../output/write.ts';

const STDIN = 0;

/** `-` reads it from standard input, so that it stands neither in the shell's history nor in the list of processes. */
const keyFrom = (flag: string | undefined): string | undefined => {
  if (flag !== '-') return flag ?? (process.env['CHASQUI_KEY'] || undefined);
  return readFileSync(STDIN, 'utf8').trim();
};

const check = ({ url, key = 'none' }: Profile): void => {
  try {
    createClient({ url, key });
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error));
  }
};

const set = (name: string, _options: object, command: Command): void => {
  const flags = globalOptions(command);
  const config = readConfig();
  const before = Object.hasOwn(config.profiles, name) ? config.profiles[name] : undefined;
  const url = flags.url ?? before?.url ?? (process.env['CHASQUI_URL'] || DEFAULT_URL);
  const key = keyFrom(flags.apiKey) ?? (before?.url === url ? before.key : undefined);
  const profile: Profile = key === undefined ? { url } : { url, key };
  check(profile);
  writeConfig({ current: config.current ?? name, profiles: { ...config.profiles, [name]: profile } });
  note(`Profile ${name} is in ${configPath()}.`);
};

const known = (config: Config, name: string): void => {
  if (!Object.hasOwn(config.profiles, name)) throw usageError(`There is no profile "${name}".`);
};

const use = (name: string): void => {
  const config = readConfig();
  known(config, name);
  writeConfig({ ...config, current: name });
};

const remove = (name: string): void => {
  const { current, profiles } = readConfig();
  known({ profiles }, name);
  const { [name]: _gone, ...others } = profiles;
  writeConfig(current === undefined || current === name ? { profiles: others } : { current, profiles: others });
};

/** Enough of a key to know it by; the rest stays in the file. */
const glimpse = (key: string | undefined): string => (key === undefined ? 'none' : `${key.slice(0, 8)}…`);

interface Item {
  readonly name: string;
  readonly url: string;
  readonly key: string;
  readonly current: boolean;
}

const list = async (_options: object, command: Command): Promise<void> => {
  const { current, profiles } = readConfig();
  const items = Object.entries(profiles).map(([name, { url, key }]) => ({
    name,
    url,
    key: glimpse(key),
    current: name === current,
  }));
  const columns = [
    { title: 'CURRENT', cell: (item: Item) => (item.current ? '*' : '') },
    { title: 'PROFILE', cell: (item: Item) => item.name },
    { title: 'KEY', cell: (item: Item) => item.key },
    { title: 'URL', cell: (item: Item) => item.url },
  ];
  await showList(items, columns, globalOptions(command));
};

export const addProfile = (program: Command): void => {
  const profile = program.command('profile').description('deployments and their keys, kept in a file of your own');
  profile
    .command('set')
    .description('keep --url and --api-key (`-` reads the key from standard input) under a name')
    .argument('<name>', 'the name', nameArgument)
    .action(set);
  profile
    .command('use')
    .description('make one the current one')
    .argument('<name>', 'the name', nameArgument)
    .action(use);
  profile.command('list').description('list them, with the first letters of their keys').action(list);
  profile.command('delete').description('forget one').argument('<name>', 'the name', nameArgument).action(remove);
};
