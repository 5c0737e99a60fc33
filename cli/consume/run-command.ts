import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit.ts';

/**
 * Runs a command of the shell with this on its input; its output is ours.
 * @throws {CliError} `command_failed` unless it ends with 0
 */
export const runCommand = async (command: string, input: Uint8Array): Promise<void> => {
  // Of a group of its own: Ctrl-C stops us, and we let it finish what it has.
  const child = spawn(command, { shell: true, stdio: ['pipe', 'inherit', 'inherit'], detached: true });
  // A command that does not read its input may close it.
  child.stdin.on('error', () => undefined).end(input);
  const killGroup = (): void => void (child.pid !== undefined && process.kill(-child.pid, 'SIGTERM'));
  process.once('exit', killGroup);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  process.off('exit', killGroup);
  if (code === 0) return;
  const reason = signal === null ? `ended with ${code}` : `was stopped by ${signal}`;
  throw new CliError('command_failed', `The command ${reason}; its records are not committed.`, EXIT.failure);
};
