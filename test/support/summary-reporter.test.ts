import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const REPORTER = join(ROOT, 'test/support/summary-reporter.ts');

/** Runs these test files with the reporter, in a folder and a process of their own. */
const runTests = (folder: string, files: Readonly<Record<string, string>>) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const args = ['run', '--globals', '--root', folder, '--reporter', REPORTER, ...Object.keys(files)];
  const { stdout, status } = spawnSync(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { lastLine: stdout.trimEnd().split('\n').at(-1), status };
};

describe('the last line of a run', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'chasqui-reporter-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('counts tests that passed and were skipped', () => {
    const run = runTests(folder, { 'good.test.js': "it('a', () => {}); it('b', () => {}); it.skip('c', () => {});" });
    expect(run).toEqual({ lastLine: '2 passed, 0 failed, 1 skipped', status: 0 });
  });

  it('counts a failed test, a hook that throws and a file that does not load as failures', () => {
    const run = runTests(folder, {
      'failing.test.js': "it('a', () => { throw new Error('no'); });",
      'hook.test.js': "describe('x', () => { beforeAll(() => { throw new Error('no'); }); it('a', () => {}); });",
      'broken.test.js': "import './not-there.js';",
    });
    expect(run).toEqual({ lastLine: '0 passed, 3 failed, 1 skipped', status: 1 });
  });

  it('counts what is thrown outside any test', () => {
    const run = runTests(folder, {
      'late.test.js':
        "it('a', async () => { Promise.reject(new Error('late')); await new Promise((done) => setImmediate(done)); });",
    });
    expect(run).toEqual({ lastLine: '1 passed, 1 failed, 0 skipped', status: 1 });
  });
});
