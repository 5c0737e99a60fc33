/**
 * `npm run schemathesis [-- examples]`: a live server against its own `/openapi.json`. Schemathesis makes requests from the document,
 * right and wrong ones, and every answer has to be one that the document knows: no 5xx, no other status, body or content type.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const VERSION = '4.32.5';
const VENV = join(ROOT, '.build', `schemathesis-${VERSION}`);
const TOOL = join(VENV, 'bin', 'schemathesis');
const TOPIC = 'schemathesis';
/** Of one name, whatever they are. */
const NAMED = ['topic', 'group', 'member', 'subscription'];
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
].join(',');

const run = (command, args, options = {}) =>
  spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options }).status ?? 1;

const install = () => {
  if (existsSync(TOOL)) return;
  const made =
    run('python3', ['-m', 'venv', VENV]) + run(join(VENV, 'bin', 'pip'), ['install', '-q', `schemathesis==${VERSION}`]);
  if (made !== 0) throw new Error('schemathesis could not be installed.');
};

const startServer = async (folder) => {
  const environment = {
    ...process.env,
    CHASQUI_PORT: '0',
    CHASQUI_DATA: folder,
    CHASQUI_OPERATOR_KEY: randomBytes(16).toString('hex'),
    CHASQUI_LOG: 'error',
    // What is delivered goes nowhere.
    CHASQUI_ALLOW_PRIVATE_ENDPOINTS: '1',
  };
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: ROOT,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    const url = /http:\/\/[\w.]+:\d+/.exec(output)?.[0];
    const key = /(chq_[\w.-]+)\s*$/m.exec(output)?.[1];
    if (url !== undefined && key !== undefined)
      return { child, url, key, operatorKey: environment.CHASQUI_OPERATOR_KEY };
  }
  throw new Error(`The server did not start: ${output}`);
};

const call = async ({ url, key }, method, path, body = {}) => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
};

const examine = (url, key, examples, selection) =>
  run(
    TOOL,
    [...selection.before, 'run', `${url}/openapi.json`, '--url', url, '--header', `Authorization: Bearer ${key}`]
      .concat([
        '--checks',
        CHECKS,
        '--request-timeout',
        '30',
        '--max-examples',
        examples,
        '--generation-deterministic',
        '--no-color',
      ])
      .concat(['--phases', 'examples,coverage,fuzzing', ...selection.paths]),
    { env: { ...process.env, SCHEMATHESIS_HOOKS: 'schemathesis_hooks', PYTHONPATH: join(ROOT, 'scripts') } },
  );

install();
const examples = process.argv[2] ?? '40';
const folder = mkdtempSync(join(tmpdir(), 'chasqui-schemathesis-'));
const server = await startServer(folder);
try {
  await call(server, 'PUT', `/v1/topics/${TOPIC}`);
  await call(server, 'POST', `/v1/groups/${TOPIC}/members/${TOPIC}/poll`, { topics: [TOPIC] });
  await call(server, 'PUT', `/v1/subscriptions/${TOPIC}`, { topic: TOPIC, endpoint: { url: 'http://127.0.0.1:9/' } });
  const fixed = join(folder, 'schemathesis.toml');
  writeFileSync(fixed, `[parameters]\n${NAMED.map((name) => `"path.${name}" = "${TOPIC}"\n`).join('')}`);
  // The operator's routes with the operator's key, the others with a tenant's: with the wrong one all answers would be 403.
  const results = [
    examine(server.url, server.key, examples, { before: [], paths: ['--exclude-path-regex', '^/v1/tenants'] }),
    // Once more on a topic, a group and a subscription that are there, so that more than 404 comes back.
    examine(server.url, server.key, examples, {
      before: ['--config-file', fixed],
      paths: ['--include-path-regex', '(topic|group|subscription).*/'],
    }),
    examine(server.url, server.operatorKey, examples, { before: [], paths: ['--include-path-regex', '^/v1/tenants'] }),
  ];
  process.exitCode = results.every((result) => result === 0) ? 0 : 1;
} finally {
  server.child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
