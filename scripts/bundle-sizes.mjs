/**
 * Prints what each function's bundle weighs, and how long it takes from the start of a process to its handler's being ready, on Node 24,
 * which Lambda has. Fails above the bars. Nothing is called but a server of this script's own.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { timeStart } from './bundle/time-start.mjs';
import { weigh } from './bundle/weigh.mjs';
import { writeBundle } from './bundle-function.mjs';
import { node24 } from './node24.mjs';

/**
 * The aims are those of docs/deploy.md. What a cold start of produce or fetch reads keeps to the first: the client of S3 comes on top, and is
 * read when the first batch comes that no item can hold. Of the time, a bare Node takes a quarter, and the first request to DynamoDB, which
 * is made here so that no user's request has to make it, another. A machine that does other things too is slower, so the bar is so many
 * times a bare Node.
 */
const AIMS = { bytesAtOnce: 450_000, ms: 110 };
const BARS = { bytesAtOnce: 500_000, bytes: 610_000, timesBareNode: 7 };

const FUNCTIONS_FOLDER = new URL('../functions/', import.meta.url);
const functions = readdirSync(FUNCTIONS_FOLDER).filter((name) =>
  existsSync(new URL(`${name}/handler.ts`, FUNCTIONS_FOLDER)),
);

/** Stands for all of AWS: whatever is asked, there is nothing. */
const emptyWorld = () =>
  new Promise((resolve) => {
    const server = createServer((_, answer) => answer.end('{"SecretString":"operator"}'));
    server.listen(0, '127.0.0.1', () => resolve(server));
  });

const row = (name, ...cells) => console.log(name.padEnd(10), ...cells.map((cell) => String(cell).padStart(14)));

const server = await emptyWorld();
const folder = mkdtempSync(join(tmpdir(), 'chasqui-bundles-'));
try {
  const node = node24();
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  row('function', 'bytes at once', 'bytes in all', 'ms until ready');
  row('aim', AIMS.bytesAtOnce, '', AIMS.ms);
  const bareMs = await timeStart(node, '0', endpoint);
  const barMs = BARS.timesBareNode * bareMs;
  row('bar', BARS.bytesAtOnce, BARS.bytes, barMs);
  row('bare node', 0, 0, bareMs);
  for (const name of functions) {
    const { metafile } = await writeBundle(name, join(folder, name));
    const { bytesAtOnce, bytes } = weigh(metafile);
    const { href } = pathToFileURL(join(folder, name, 'index.mjs'));
    const ms = await timeStart(node, `await import(${JSON.stringify(href)})`, endpoint);
    row(name, bytesAtOnce, bytes, ms);
    if (bytesAtOnce > BARS.bytesAtOnce || bytes > BARS.bytes || ms > barMs) process.exitCode = 1;
  }
} finally {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
