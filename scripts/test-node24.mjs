/** Runs the tests on Node 24. */
import { spawnSync } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { node24 } from './node24.mjs';

const node = node24();
const PATH = `${dirname(node)}${delimiter}${process.env.PATH}`;
const { status } = spawnSync(node, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, PATH },
});
process.exitCode = status ?? 1;
