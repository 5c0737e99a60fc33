/**
 * Has schemathesis (from PyPI, kept in .build) send what the OpenAPI document allows and what it does not, and judge every answer: no 5xx,
 * no status, content type or body that the document does not describe. Takes minutes; `-- --max-examples 10` makes it shorter.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { withThrowAwayServer } from './throw-away-server.mjs';

const VERSION = '4.32.5';
const FOLDER = resolve('.build', `schemathesis-${VERSION}`);
const PROGRAM = join(FOLDER, 'bin', 'schemathesis');
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'unsupported_method',
];

const must = (command, args) => {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) throw error ?? new Error(`${command} ${args.join(' ')} ended with ${status}`);
};

const install = () => {
  if (existsSync(PROGRAM)) return;
  must('python3', ['-m', 'venv', FOLDER]);
  must(join(FOLDER, 'bin', 'pip'), ['install', '--quiet', `schemathesis==${VERSION}`]);
};

const judge = (url, key, paths) =>
  new Promise((done) => {
    const args = ['run', `${url}/openapi.json`, '--header', `Authorization: Bearer ${key}`, '--seed', '1'];
    const child = spawn(PROGRAM, [...args, '--checks', CHECKS.join(','), ...paths, ...process.argv.slice(2)], {
      // Where it leaves its own notes.
      cwd: FOLDER,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('exit', (code) => done(code ?? 1));
  });

const sendJson = (url, key, method, body) =>
  fetch(url, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** A key of a tenant of its own: the routes of keys may revoke the very key that asks. */
const spareKey = async ({ url, operatorKey }) => {
  await sendJson(`${url}/v1/tenants/spare`, operatorKey, 'PUT', {});
  const scopes = [{ actions: ['produce', 'fetch', 'subscribe', 'manage'], topics: ['*'] }];
  const answer = await sendJson(`${url}/v1/tenants/spare/keys`, operatorKey, 'POST', { name: 'spare', scopes });
  return (await answer.json()).key;
};

install();
const codes = await withThrowAwayServer(async (server) => [
  await judge(server.url, server.devKey, ['--exclude-path-regex', '^/v1/(tenants|keys)']),
  await judge(server.url, await spareKey(server), ['--include-path-regex', '^/v1/keys']),
  await judge(server.url, server.operatorKey, ['--include-path-regex', '^/v1/(tenants|whoami)']),
]);
process.exitCode = Math.max(...codes);
