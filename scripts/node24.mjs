import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAME = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const FOLDER = fileURLToPath(new URL('../.build/node24', import.meta.url));
const NODE = join(FOLDER, 'node_modules', NAME, 'bin', 'node');

/** The path of Node 24, whose bare binary npm carries for each kind of machine; fetched once, kept in .build. */
export const node24 = () => {
  if (!existsSync(NODE))
    spawnSync('npm', ['install', '--prefix', FOLDER, '--no-save', `${NAME}@24`], { stdio: 'inherit' });
  if (!existsSync(NODE)) throw new Error(`There is no ${NAME}@24 to be had from npm.`);
  return NODE;
};
