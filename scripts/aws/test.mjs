/** Runs the tests of a deployed bus against the one that `npm run aws:deploy` has deployed last. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { STACK_FILE } from './stack-file.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** @returns its exit code */
export const testDeployment = (args = []) => {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.deployed.config.ts', ...args];
  return spawnSync(process.execPath, vitest, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (existsSync(STACK_FILE)) process.exitCode = testDeployment(process.argv.slice(2));
  else {
    console.error('Nothing is deployed here: run `npm run aws:deploy` first.');
    process.exitCode = 1;
  }
}
