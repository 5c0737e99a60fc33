import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit.ts';

export interface Profile {
  readonly url: string;
  readonly key?: string;
}

export interface Config {
  /** The profile that is used when none is named. */
  readonly current?: string;
  readonly profiles: Readonly<Record<string, Profile>>;
}

/** `$XDG_CONFIG_HOME/chasqui/config.json`; a relative one is ignored, as the XDG Base Directory Specification asks. */
export const configPath = (): string => {
  const { XDG_CONFIG_HOME = '' } = process.env;
  const base = isAbsolute(XDG_CONFIG_HOME) ? XDG_CONFIG_HOME : join(homedir(), '.config');
  return join(base, 'chasqui', 'config.json');
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isProfile = (value: unknown): value is Profile =>
  isObject(value) &&
  typeof value['url'] === 'string' &&
  (value['key'] === undefined || typeof value['key'] === 'string');

const isConfig = (value: unknown): value is Config =>
  isObject(value) &&
  (value['current'] === undefined || typeof value['current'] === 'string') &&
  isObject(value['profiles']) &&
  Object.values(value['profiles']).every(isProfile);

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** No file is a config without profiles. */
export const readConfig = (): Config => {
  const path = configPath();
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { profiles: {} };
    throw error;
  }
  const config = parse(text);
  if (!isConfig(config))
    throw new CliError('broken_config', `${path} is not a configuration; mend or remove it.`, EXIT.failure);
  return config;
};

/** Whether others on this machine can read the keys in it. */
export const isReadableByOthers = (): boolean => {
  const stat = statSync(configPath(), { throwIfNoEntry: false });
  return process.platform !== 'win32' && stat !== undefined && (stat.mode & 0o077) !== 0;
};

/** For its owner's eyes only, from the first byte; readers see the old file or the new one. */
export const writeConfig = (config: Config): void => {
  const path = configPath();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600, flag: 'w' });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
};
