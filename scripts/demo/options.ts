import { parseArgs } from 'node:util';

export interface Target {
  readonly url: string;
  readonly key: string;
}

export interface DemoOptions {
  readonly help: boolean;
  /** Another deployment, and a key of a tenant there; a bus of its own where they are left out. */
  readonly target: Target | undefined;
}

export const USAGE = `Usage: npm run demo [-- --url <url> --key <key>]

Produces 20,000 US flights, reads them back, checks them and deletes them: on a bus of its own, in a folder that is removed
afterwards, or at another deployment with the key of a tenant that may manage, produce and fetch topics named demo-*.`;

/** @throws {TypeError} for what it does not know. */
export const parseOptions = (argv: readonly string[]): DemoOptions => {
  const options = { url: { type: 'string' }, key: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
  const { url, key, help = false } = parseArgs({ args: [...argv], options }).values;
  if (url === undefined && key === undefined) return { help, target: undefined };
  if (url === undefined || key === undefined) throw new TypeError('--url and --key go together.');
  return { help, target: { url, key } };
};
