/**
 * Makes `npm start`, `npm test` and `npm run demo` work on a fresh clone: checks Node, and runs `npm ci` when a package that the
 * lockfile names is not installed. Uses nothing that would have to be installed first, and no syntax that an old Node cannot read.
 * `--dev`: the packages for development too.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LOCKFILE = join(ROOT, 'package-lock.json');
/** What npm writes, last of all, about the tree that it installed. */
const INSTALLED = join(ROOT, 'node_modules', '.package-lock.json');
const MUTEX = join(ROOT, '.build', 'installing');

const OLDEST_NODE = [20, 19];
const LOOK_EVERY_MS = 200;
const GIVE_UP_MS = 15 * 60 * 1000;

const say = (line) => process.stderr.write(`${line}\n`);

const fail = (line, code) => {
  say(line);
  process.exit(code);
};

const checkNode = () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  fail(`Chasqui needs Node ${OLDEST_NODE.join('.')} or later; this is ${process.versions.node}.`, 1);
};

const packagesOf = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

/** Whether every package that is wanted is there in the locked version. Optional ones may be for other machines. */
const isComplete = (dev) => {
  const installed = packagesOf(INSTALLED);
  return Object.entries(packagesOf(LOCKFILE)).every(([path, locked]) => {
    if (path === '' || locked.optional || locked.devOptional || (locked.dev && !dev)) return true;
    return installed[path] !== undefined && installed[path].version === locked.version;
  });
};

/**
 * The times alone would do if nobody copied trees or switched branches: where they speak against the installed tree, or packages for
 * development are wanted and may have been left out, the two lockfiles are compared.
 */
const isInstalled = (dev) => {
  if (!existsSync(LOCKFILE)) return true;
  if (!existsSync(INSTALLED)) return false;
  const isNewer = statSync(INSTALLED).mtimeMs >= statSync(LOCKFILE).mtimeMs;
  if (isNewer && !dev) return true;
  if (!isComplete(dev)) return false;
  const now = new Date();
  if (!isNewer) utimesSync(INSTALLED, now, now);
  return true;
};

const npm = () => {
  const path = process.env.npm_execpath;
  if (path !== undefined && /npm-cli\.[cm]?js$/.test(path))
    return { command: process.execPath, first: [path], shell: false };
  return { command: 'npm', first: [], shell: process.platform === 'win32' };
};

const install = () => {
  say('Installing what is missing: npm ci (once, may take a minute) …');
  const { command, first, shell } = npm();
  const flags = [
    'ci',
    '--include=dev',
    '--include=optional',
    '--loglevel=error',
    '--no-audit',
    '--no-fund',
    '--no-progress',
  ];
  const done = spawnSync(command, [...first, ...flags], {
    cwd: ROOT,
    shell,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (done.status === 0) return;
  fail(`${done.stderr || done.error}\nnpm ci failed; nothing was started.`, 1);
};

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

const tryLock = () => {
  mkdirSync(dirname(MUTEX), { recursive: true });
  try {
    writeFileSync(MUTEX, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
};

/** A lock whose holder has died is nobody's. */
const clearDeadLock = () => {
  try {
    const pid = Number(readFileSync(MUTEX, 'utf8'));
    const isFresh = Date.now() - statSync(MUTEX).mtimeMs < LOOK_EVERY_MS;
    if (!isFresh && !isAlive(pid || -1)) rmSync(MUTEX, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
};

const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_EVERY_MS);

const lock = () => {
  const deadline = Date.now() + GIVE_UP_MS;
  for (let isFirst = true; !tryLock(); isFirst = false) {
    if (isFirst) say('Waiting for an npm ci that is under way …');
    if (Date.now() > deadline) fail(`Another npm ci does not end; remove ${MUTEX} if there is none.`, 1);
    clearDeadLock();
    pause();
  }
  process.once('exit', () => rmSync(MUTEX, { force: true }));
};

checkNode();
const dev = process.argv.includes('--dev') || process.env.npm_lifecycle_event === 'predemo';
if (!isInstalled(dev)) {
  lock();
  if (!isInstalled(dev)) install();
}
