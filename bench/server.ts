import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const START_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 5;

export interface Server {
  readonly url: string;
  readonly pid: number;
  /** What it printed until it was ready. */
  readonly greeting: string;
  /** From the start of the process until it said its address. */
  readonly startMs: number;
  stop(): Promise<void>;
}

/** The settings of whoever measures must not reach the server that is measured. */
const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CHASQUI_')));

const waitForAddress = async (child: ChildProcess, log: string): Promise<string> => {
  const until = performance.now() + START_LIMIT_MS;
  while (performance.now() < until && child.exitCode === null) {
    const text = readFileSync(log, 'utf8');
    if (/http:\/\/[^\s]+:\d+/.test(text) && text.endsWith('\n')) return text;
    await sleep(LOOK_EVERY_MS);
  }
  child.kill('SIGKILL');
  throw new Error(`a server did not come up:\n${readFileSync(log, 'utf8')}`);
};

const stopper = (child: ChildProcess, folder: string) => async (): Promise<void> => {
  if (child.exitCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
};

/** Starts a server with `node`; its log goes to a file, so that reading it costs the measured machine nothing. */
export const startServer = async (args: readonly string[], settings: NodeJS.ProcessEnv = {}): Promise<Server> => {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-bench-'));
  const log = join(folder, 'log');
  const file = openSync(log, 'w');
  const startedAt = performance.now();
  const env = { ...cleanEnvironment(), ...settings };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', file, file] });
  closeSync(file);
  const greeting = await waitForAddress(child, log);
  const startMs = performance.now() - startedAt;
  const url = /http:\/\/[^\s]+:\d+/.exec(greeting)?.[0] ?? '';
  return { url, pid: child.pid ?? 0, greeting, startMs, stop: stopper(child, folder) };
};

export const startYardstick = (file: string): Promise<Server> => startServer(['--import', 'tsx', `bench/${file}`]);
