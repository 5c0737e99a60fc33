import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CONNECT = 'eval "$(npm run --silent aws:connect)"';

/** The commands between the deployment and its end, which surround this test. */
const commandsOfReadme = (): string => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const from = readme.indexOf(CONNECT);
  const to = readme.indexOf('npm run aws:destroy', from);
  expect(from, 'README.md shows how to connect').toBeGreaterThan(0);
  expect(to, 'README.md shows how to destroy').toBeGreaterThan(from);
  return readme.slice(from, to);
};

describe("README's section on AWS", () => {
  it('works as it stands: a tenant, a key, a topic, records in and out', () => {
    const { CHASQUI_URL: _url, CHASQUI_KEY: _key, ...env } = process.env;
    const script = `set -euo pipefail\n${commandsOfReadme()}`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: ROOT, env, encoding: 'utf8' });
    expect(`${status} ${stderr}`).toMatch(/^0 /);
    for (const shown of ['acme', 'orders', 'first', 'second', 'third']) expect(stdout).toContain(shown);
  });
});
