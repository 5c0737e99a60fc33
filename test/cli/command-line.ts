import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../cli/chasqui.mjs', import.meta.url));

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Without the developer's own settings and profiles. */
const environmentOf = (environment: Environment): NodeJS.ProcessEnv => {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, XDG_CONFIG_HOME: '/nonexistent', ...environment };
};

export const spawnChasqui = (environment: Environment, args: readonly string[]) =>
  spawn(process.execPath, [BIN, ...args], { env: environmentOf(environment), stdio: 'pipe' });

/** The command line as a process, with pipes and no terminal. */
export const commandLine =
  (environment: Environment) =>
  async (args: readonly string[], input: string | Uint8Array = ''): Promise<Outcome> => {
    const child = spawnChasqui(environment, args);
    const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout.on('data', (chunk: Buffer) => parts.stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => parts.stderr.push(chunk));
    // A command that does not read its input may close it.
    child.stdin.on('error', () => undefined).end(input);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout: Buffer.concat(parts.stdout).toString(), stderr: Buffer.concat(parts.stderr).toString() };
  };
