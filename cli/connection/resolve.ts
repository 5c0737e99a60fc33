import { CliError, usageError } from '../cli-error.ts';
import { EXIT } from '../exit.ts';
import type { Config, Profile } from './config-file.ts';

export const DEFAULT_URL = 'http://127.0.0.1:4000';

/** What was said on the command line. */
export interface ConnectionFlags {
  readonly url?: string;
  readonly apiKey?: string;
  readonly profile?: string;
}

export interface Connection {
  readonly url: string;
  readonly key: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const namedProfile = (config: Config, name: string): Profile => {
  const profile = Object.hasOwn(config.profiles, name) ? config.profiles[name] : undefined;
  if (profile === undefined) throw usageError(`There is no profile "${name}"; \`chasqui profile list\` shows them.`);
  return profile;
};

const isSameOrigin = (a: string, b: string): boolean =>
  URL.canParse(a) && URL.canParse(b) && new URL(a).origin === new URL(b).origin;

/**
 * Flags, then a profile named by a flag, then CHASQUI_URL and CHASQUI_KEY, then the current profile. A profile's key goes to the
 * profile's own server only: with the URL of another one it would be given away.
 */
export const resolveConnection = (flags: ConnectionFlags, environment: Environment, config: Config): Connection => {
  // Elsewhere standard input is records.
  if (flags.apiKey === '-') throw usageError('Only `chasqui profile set` reads the key from standard input.');
  const isNamed = flags.profile !== undefined;
  const name = flags.profile ?? config.current;
  const profile = name === undefined ? undefined : namedProfile(config, name);
  const fromEnvironment = (variable: string) => (isNamed ? undefined : environment[variable] || undefined);

  const url = flags.url ?? fromEnvironment('CHASQUI_URL') ?? profile?.url ?? DEFAULT_URL;
  const profileKey = profile !== undefined && isSameOrigin(profile.url, url) ? profile.key : undefined;
  const key = flags.apiKey ?? fromEnvironment('CHASQUI_KEY') ?? profileKey;
  if (key === undefined) {
    const detail = `There is no key for ${url}. Set CHASQUI_KEY, or make a profile: chasqui profile set local --url ${url} --api-key -`;
    throw new CliError('no_key', detail, EXIT.denied);
  }
  return { url, key };
};
