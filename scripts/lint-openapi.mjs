/** Asks the real server for its OpenAPI document, and has redocly judge it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { withThrowAwayServer } from './throw-away-server.mjs';

const DOCUMENT = '.build/openapi.json';

await withThrowAwayServer(async ({ url }) => {
  const answer = await fetch(`${url}/openapi.json`);
  mkdirSync('.build', { recursive: true });
  writeFileSync(DOCUMENT, await answer.text());
});

const { status } = spawnSync('npx', ['--no-install', 'redocly', 'lint', DOCUMENT], {
  stdio: 'inherit',
  env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
});
process.exitCode = status ?? 1;
