/** Starts the real server on a throw-away folder, asks it for its OpenAPI document, and has redocly judge it. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const READY_MS = 60_000;

const urlOf = (server) =>
  new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`the server said no address within ${READY_MS} ms`)), READY_MS);
    server.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)));
    server.stdout.on('data', (chunk) => {
      text += chunk;
      const found = text.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found === null) return;
      clearTimeout(timer);
      resolve(found[0]);
    });
  });

const folder = mkdtempSync(join(tmpdir(), 'chasqui-openapi-'));
const env = { ...process.env, CHASQUI_PORT: '0', CHASQUI_DATA: join(folder, 'data') };
const server = spawn(process.execPath, ['scripts/start.mjs'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
const ended = new Promise((resolve) => server.once('exit', resolve));

try {
  const answer = await fetch(`${await urlOf(server)}/openapi.json`);
  mkdirSync('.build', { recursive: true });
  writeFileSync('.build/openapi.json', await answer.text());
} finally {
  server.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

const { status } = spawnSync('npx', ['--no-install', 'redocly', 'lint', '.build/openapi.json'], {
  stdio: 'inherit',
  env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
});
process.exitCode = status ?? 1;
