import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Load, LoadResult } from './load.ts';

const PROCESS = fileURLToPath(new URL('autocannon-process.mjs', import.meta.url));

/** What this needs of autocannon's result: rates a second, times in milliseconds. */
interface AutocannonResult {
  readonly requests: { readonly average: number };
  readonly throughput: { readonly average: number };
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly errors: number;
  readonly non2xx: number;
}

const optionsOf = (load: Load): object => ({
  url: load.url,
  connections: load.connections,
  duration: load.seconds,
  timeout: 30,
  requests: load.paths.map((path) => ({ method: load.method, path, headers: load.headers, body: load.body })),
});

export const runAutocannon = async (load: Load): Promise<LoadResult> => {
  const child = spawn(process.execPath, [PROCESS], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(optionsOf(load)));
  const result: AutocannonResult = JSON.parse(await text(child.stdout));
  return {
    requestsPerSecond: result.requests.average,
    bytesPerSecond: result.throughput.average,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failures: result.errors + result.non2xx,
  };
};
