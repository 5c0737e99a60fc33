import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../scripts/ensure-installed.mjs', import.meta.url));

const locked = {
  '': { name: 'app' },
  'node_modules/a': { version: '1.0.0' },
  'node_modules/b': { version: '2.0.0', dev: true },
  'node_modules/elsewhere': { version: '1.0.0', optional: true },
};
const without = (...names: readonly string[]) =>
  Object.fromEntries(Object.entries(locked).filter(([path]) => !names.some((name) => path.endsWith(name))));
const lockfile = (packages: object) => JSON.stringify({ packages });

/** Stands in for npm: writes down how it was called, waits a little, and installs as the lockfile says. */
const FAKE_NPM = `
const fs = require('node:fs');
fs.appendFileSync('calls', process.argv.slice(2, 4).join(' ') + '\\n');
if (fs.existsSync('npm-fails')) { console.error('npm error E404'); process.exit(7); }
setTimeout(() => {
  fs.mkdirSync('node_modules', { recursive: true });
  fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
}, 400);
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fresh clone '));
  mkdirSync(join(root, 'scripts'));
  cpSync(SCRIPT, join(root, 'scripts', 'ensure-installed.mjs'));
  writeFileSync(join(root, 'package-lock.json'), lockfile(locked));
  writeFileSync(join(root, 'npm-cli.js'), FAKE_NPM);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const run = async (...args: readonly string[]) => {
  const child = spawn(process.execPath, [join(root, 'scripts', 'ensure-installed.mjs'), ...args], {
    cwd: tmpdir(),
    env: { ...process.env, npm_execpath: join(root, 'npm-cli.js'), npm_lifecycle_event: 'test' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, stderr };
};

const install = (packages: object, { older = false } = {}): void => {
  const path = join(root, 'node_modules', '.package-lock.json');
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(path, lockfile(packages));
  const at = new Date(Date.now() + (older ? -60_000 : 60_000));
  utimesSync(path, at, at);
};

const calls = (): number =>
  existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').trim().split('\n').length : 0;

describe('ensure-installed', () => {
  it('runs npm ci in a fresh clone, says so in one line, and not a second time', async () => {
    expect(await run()).toEqual({ code: 0, stderr: expect.stringMatching(/^Installing what is missing: npm ci.*\n$/) });
    expect(readFileSync(join(root, 'calls'), 'utf8')).toBe('ci --include=dev\n');
    expect(await run('--dev')).toEqual({ code: 0, stderr: '' });
    expect(calls()).toBe(1);
  });

  it('installs once when two start at the same time', async () => {
    const outcomes = await Promise.all([run(), run('--dev')]);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
    expect(calls()).toBe(1);
  });

  it('is not stopped by the lock of a process that died', async () => {
    mkdirSync(join(root, '.build'));
    const dead = spawn(process.execPath, ['--version']);
    await once(dead, 'close');
    writeFileSync(join(root, '.build', 'installing'), String(dead.pid));
    expect((await run()).code).toBe(0);
    expect(calls()).toBe(1);
  });

  it.each([
    ['everything is there', locked, {}, [], 0],
    ['the tree is older but the same, as in a copy', locked, { older: true }, ['--dev'], 0],
    ['the tree is older and lacks a package', without('a'), { older: true }, [], 1],
    ['a package for another machine is missing', without('elsewhere'), { older: true }, ['--dev'], 0],
    ['packages for development were left out and are not needed', without('b'), {}, [], 0],
    ['packages for development were left out and are needed', without('b'), {}, ['--dev'], 1],
  ])('where %s', async (_what, packages, options, args, times) => {
    install(packages, options);
    expect((await run(...args)).code).toBe(0);
    expect(calls()).toBe(times);
  });

  it('passes on what npm says when it fails, and fails', async () => {
    writeFileSync(join(root, 'npm-fails'), '');
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toContain('npm error E404');
    expect(existsSync(join(root, '.build', 'installing'))).toBe(false);
  });
});
