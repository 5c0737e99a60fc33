import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CHOICE = new URL('../../../scripts/aws/emulator.mjs', import.meta.url).href;
type Choose = (has: { ministack: () => boolean; docker: () => boolean }) => { readonly label: string };
const { chooseEmulator } = (await import(CHOICE)) as { chooseEmulator: Choose };
const [yes, no] = [() => true, () => false];

/** Says that it is Docker, and for `compose … up` answers at the port that it is told, as LocalStack would. */
const DOCKER = `#!${process.execPath}
const args = process.argv.slice(2);
if (args.includes('up')) {
  if (!args.includes('--file')) process.exit(1);
  require('node:http').createServer((_, answer) => answer.end('{}')).listen(process.env.CHASQUI_EMULATOR_PORT, '127.0.0.1');
}
`;

const SCRIPT = `
import { findRunning, stopInBackground } from './scripts/aws/background-process.mjs';
import { hasDocker, startLocalstack } from './scripts/aws/localstack.mjs';
const name = process.argv[1];
const { endpoint } = await startLocalstack(name);
const again = (await startLocalstack(name)).endpoint;
const { status } = await fetch(endpoint + '/_localstack/health');
const stopped = await stopInBackground(name);
console.log(JSON.stringify([hasDocker(), again === endpoint, status, stopped, findRunning(name) === undefined]));
`;

describe('what stands in for AWS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-docker-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is MiniStack where there is Python, else LocalStack where Docker answers, else a line that says what to install', () => {
    expect(chooseEmulator({ ministack: yes, docker: yes }).label).toBe('MiniStack');
    expect(chooseEmulator({ ministack: no, docker: yes }).label).toBe('LocalStack');
    expect(() => chooseEmulator({ ministack: no, docker: no })).toThrow(/install python3 .+ or Docker/);
  });

  it('is started by docker compose once, and stopped with it', () => {
    writeFileSync(join(folder, 'docker'), DOCKER);
    chmodSync(join(folder, 'docker'), 0o755);
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
    const args = ['--input-type=module', '-e', SCRIPT, `test-${process.pid}-localstack`];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, env, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([true, true, 200, true, true]);
  });
});
