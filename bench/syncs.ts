import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadGenerator } from './load.ts';
import type { Scenario } from './scenarios.ts';

const CALLS = 'fsync,fdatasync,msync';
const ATTACH_MS = 500;

/** The calls column of `strace -c`: `% time, seconds, usecs/call, calls, [errors], syscall`. */
const countCalls = (table: string): number =>
  table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => CALLS.split(',').includes(columns.at(-1) ?? ''))
    .reduce((sum, columns) => sum + Number(columns[3]), 0);

/**
 * Syncs to disk for each answer of a scenario, or undefined where strace is missing or not allowed. Apart from the rounds, since
 * watching costs time.
 */
export const syncsPerAnswer = async (
  pid: number,
  generator: LoadGenerator,
  scenario: Scenario,
  seconds: number,
): Promise<number | undefined> => {
  if (spawnSync('strace', ['-V']).error !== undefined) return undefined;
  const watcher = spawn('strace', ['-f', '-c', '-e', `trace=${CALLS}`, '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const table = text(watcher.stderr);
  await sleep(ATTACH_MS);
  if (watcher.exitCode !== null) return undefined;
  const { requestsPerSecond } = await generator.run({ ...scenario.load, seconds });
  const ended = once(watcher, 'exit');
  watcher.kill('SIGINT');
  await ended;
  return countCalls(await table) / (requestsPerSecond * seconds);
};
