import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Load, LoadResult } from './load.ts';

const SCRIPT = fileURLToPath(new URL('wrk.lua', import.meta.url));

/** What bench/wrk.lua prints: counts of the whole run, times in microseconds. */
interface WrkSummary {
  readonly requests: number;
  readonly bytes: number;
  readonly micros: number;
  readonly p50: number;
  readonly p99: number;
  readonly failures: number;
}

const toResult = (summary: WrkSummary): LoadResult => ({
  requestsPerSecond: (summary.requests * 1e6) / summary.micros,
  bytesPerSecond: (summary.bytes * 1e6) / summary.micros,
  p50Ms: summary.p50 / 1000,
  p99Ms: summary.p99 / 1000,
  failures: summary.failures,
});

const parse = (output: string): LoadResult => {
  const json = /^BENCH (.*)$/m.exec(output)?.[1];
  if (json === undefined) throw new Error(`wrk said no figures:\n${output}`);
  return toResult(JSON.parse(json));
};

const describe = async (load: Load, folder: string): Promise<NodeJS.ProcessEnv> => {
  const paths = join(folder, 'paths');
  const body = join(folder, 'body');
  await writeFile(paths, `${load.paths.join('\n')}\n`);
  if (load.body !== undefined) await writeFile(body, load.body);
  const env = { ...process.env, BENCH_METHOD: load.method, BENCH_PATHS: paths };
  return load.body === undefined ? env : { ...env, BENCH_BODY: body };
};

export const runWrk = async (load: Load): Promise<LoadResult> => {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-wrk-'));
  const headers = Object.entries(load.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const size = ['-t1', `-c${load.connections}`, `-d${load.seconds}s`, '--timeout', '30s'];
  try {
    const env = await describe(load, folder);
    const { stdout } = await promisify(execFile)('wrk', [...size, '-s', SCRIPT, ...headers, load.url], { env });
    return parse(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
