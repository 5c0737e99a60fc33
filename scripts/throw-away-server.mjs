import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const READY_MS = 60_000;
const LABELLED_KEY = /^[^"']*[\s:](chq_[\w.-]+)\s*$/;

const isServing = async (url) => {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false;
  }
};

/** Resolves with all that the server has printed when it answers, and with its address. */
const waitUntilServing = async (server, printed) => {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline && server.exitCode === null) {
    const url = printed.text.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
    if (url !== undefined && (await isServing(url))) return url;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  server.kill('SIGKILL');
  throw new Error(`the server did not come up:\n${printed.text}`);
};

/** Runs `work` with the address and keys of a real server on a folder of its own, and ends it afterwards. */
export const withThrowAwayServer = async (work) => {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-throw-away-'));
  const env = { ...process.env, CHASQUI_PORT: '0', CHASQUI_DATA: join(folder, 'data') };
  const server = spawn(process.execPath, ['scripts/start.mjs'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const printed = { text: '' };
  const keep = (chunk) => {
    // The request log that follows is nobody's concern here.
    if (printed.text.length < 10_000) printed.text += chunk;
  };
  server.stdout.on('data', keep);
  server.stderr.on('data', keep);
  try {
    const url = await waitUntilServing(server, printed);
    const keys = printed.text.split('\n').flatMap((line) => LABELLED_KEY.exec(line)?.[1] ?? []);
    return await work({ url, operatorKey: keys.at(0), devKey: keys.at(-1) });
  } finally {
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
};
