import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runs one of the tests that take minutes, alone, with what it needs to know in its environment. */
export const runLongTest = (file, environment = {}) => {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.long.config.ts', file];
  const { status } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
};
