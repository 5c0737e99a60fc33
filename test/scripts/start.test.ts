import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chasqui start '));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (command: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): ChildProcess =>
  spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, CHASQUI_PORT: '0', CHASQUI_DATA: join(folder, 'data'), CHASQUI_LOG: 'error', ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const untilListening = async (child: ChildProcess): Promise<string> => {
  for await (const line of createInterface({ input: child.stdout as Readable })) {
    const url = /http:\/\/[\d.:]+/.exec(line)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error('It did not start.');
};

const isUp = (url: string): Promise<boolean> =>
  fetch(`${url}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );

describe('npm start', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends in order, with exit code 0, when npm gets %s', async (signal) => {
    const npm = start('npm', ['start']);
    const url = await untilListening(npm);
    expect(await isUp(url)).toBe(true);
    npm.kill(signal);
    expect(await once(npm, 'exit')).toEqual([0, null]);
    expect(await isUp(url)).toBe(false);
  });

  it('does not leave the server behind when npm is killed', async () => {
    const npm = start('npm', ['start']);
    const url = await untilListening(npm);
    npm.kill('SIGKILL');
    // The pipe closes when the last process that holds it has ended.
    await once(npm, 'close');
    expect(await isUp(url)).toBe(false);
  });
});

describe('scripts/start.mjs', () => {
  it('takes a signal and its echo as one, so that the stop is an orderly one', async () => {
    const server = start(process.execPath, ['scripts/start.mjs']);
    await untilListening(server);
    server.kill('SIGINT');
    server.kill('SIGINT');
    server.kill('SIGTERM');
    expect(await once(server, 'exit')).toEqual([0, null]);
  });

  it('keeps the exit code of a server that cannot start', async () => {
    const server = start(process.execPath, ['scripts/start.mjs'], { CHASQUI_PORTT: '1' });
    const [message] = (await once(server.stderr as Readable, 'data')) as [Buffer];
    expect(message.toString()).toContain('CHASQUI_PORTT');
    expect(await once(server, 'exit')).toEqual([1, null]);
  });

  it('is what chasqui serve runs, with the flags as settings', async () => {
    const data = join(folder, 'served');
    const server = start(process.execPath, ['cli/chasqui.mjs', 'serve', '--port', '0', '--data', data], {
      CHASQUI_DATA: join(folder, 'not-this'),
      CHASQUI_URL: 'http://127.0.0.1:2',
    });
    const url = await untilListening(server);
    expect(await isUp(url)).toBe(true);
    server.kill('SIGTERM');
    expect(await once(server, 'exit')).toEqual([0, null]);
  });
});
