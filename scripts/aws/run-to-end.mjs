import { spawnSync } from 'node:child_process';
import { SetupError } from './background-process.mjs';

/** What a command says, its errors too; undefined where there is no such command or it fails. */
export const outputOf = (command, args) => {
  const done = spawnSync(command, args, { encoding: 'utf8' });
  return done.error === undefined && done.status === 0 ? `${done.stdout}${done.stderr}` : undefined;
};

/** @throws {SetupError} with the last of what it said. */
export const runToEnd = (what, command, args, options = {}) => {
  const done = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], ...options });
  if (done.error === undefined && done.status === 0) return;
  const said = `${done.stdout ?? ''}${done.stderr ?? ''}`.trim().split('\n').slice(-5).join('\n');
  throw new SetupError(`${what} failed: ${done.error?.message ?? said}`);
};
