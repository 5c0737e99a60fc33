/** Runs the tests on Node 24, whose bare binary npm carries for each kind of machine; kept in .build. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, resolve } from 'node:path';

const NAME = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const FOLDER = resolve('.build', 'node24');
const NODE = resolve(FOLDER, 'node_modules', NAME, 'bin', 'node');

if (!existsSync(NODE))
  spawnSync('npm', ['install', '--prefix', FOLDER, '--no-save', `${NAME}@24`], { stdio: 'inherit' });

const PATH = `${dirname(NODE)}${delimiter}${process.env.PATH}`;
const { status } = spawnSync(NODE, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, PATH },
});
process.exitCode = status ?? 1;
