import { spawnSync } from 'node:child_process';
import { runAutocannon } from './load-autocannon.ts';
import { runWrk } from './load-wrk.ts';

/** One kind of request, sent over and over by every connection. Paths are taken in turn. */
export interface Load {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly paths: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers of 400 and above, and requests that got none. */
  readonly failures: number;
}

export interface LoadGenerator {
  readonly name: string;
  run(load: Load): Promise<LoadResult>;
}

const isInstalled = (command: string): boolean => spawnSync(command, ['-v']).error === undefined;

/** wrk where it is installed (it takes less of a shared machine away from the server), else autocannon from npm. */
export const chooseLoadGenerator = (): LoadGenerator =>
  isInstalled('wrk') ? { name: 'wrk, 1 thread', run: runWrk } : { name: 'autocannon 9', run: runAutocannon };
