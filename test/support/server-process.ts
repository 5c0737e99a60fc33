import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { START_ARGS } from '../../scripts/start-args.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_TIMEOUT_MS = 20_000;
const STOP_LIMIT_MS = 5000;

export interface ServerOptions {
  /** Made, and removed by `cleanup`, unless given. */
  readonly dataFolder?: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** What runs before `node`, such as strace and its options. */
  readonly wrapper?: readonly string[];
  /** A random one, unless given; `null` leaves the server to make it and to print it. */
  readonly operatorKey?: string | null | undefined;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
  readonly tookMs: number;
}

/** The settings of whoever runs the tests must not reach the server under test. */
const cleanEnvironment = (): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CHASQUI_')));

/** A test run that is cut off must not leave servers behind. */
const alive = new Set<RunningServer>();
process.once('exit', () => {
  for (const running of alive) running.signal('SIGKILL');
});

/** Starts a process of the server and says nothing about whether it came up. */
export const spawnServer = (
  settings: Readonly<Record<string, string>>,
  wrapper: readonly string[] = [],
): RunningServer => {
  const [command = process.execPath, ...rest] = [...wrapper, process.execPath, ...START_ARGS];
  const child = spawn(command, rest, {
    cwd: ROOT,
    env: { ...cleanEnvironment(), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Under a wrapper a group of its own, so that kill -9 takes both; else the tests' own, so that whatever ends them ends it too.
    detached: wrapper.length > 0,
  });
  return new RunningServer(child, wrapper.length > 0);
};

export class RunningServer {
  readonly child: ChildProcess;
  readonly #hasGroup: boolean;
  readonly #startedAt = Date.now();
  readonly #exited: Promise<Exit>;
  #output = '';
  #errors = '';

  constructor(child: ChildProcess, hasGroup: boolean) {
    this.#hasGroup = hasGroup;
    this.child = child;
    alive.add(this);
    child.once('close', () => alive.delete(this));
    child.stdout?.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
    this.#exited = once(child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as string | null,
      output: this.output,
      tookMs: Date.now() - this.#startedAt,
    }));
  }

  /** Both streams: what a person at a terminal has read. */
  get output(): string {
    return this.#output + this.#errors;
  }

  get stdout(): string {
    return this.#output;
  }

  get exited(): Promise<Exit> {
    return this.#exited;
  }

  get hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  signal(name: NodeJS.Signals): void {
    if (this.child.pid === undefined || this.hasExited) return;
    process.kill(this.#hasGroup ? -this.child.pid : this.child.pid, name);
  }
}

const printedUrl = (output: string): string | undefined => /http:\/\/[\w.:[\]-]+:\d+/.exec(output)?.[0];

/** Each key stands alone after its label; the curl lines, which show a key too, have no label. */
export const printedKeys = (output: string): string[] =>
  output.split('\n').flatMap((line) => /^[^"']*?[\s:](chq_[\w.-]+)\s*$/.exec(line)?.[1] ?? []);

const isHealthy = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false;
  }
};

const waitUntilHealthy = async (running: RunningServer): Promise<string> => {
  const until = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < until && !running.hasExited) {
    const url = printedUrl(running.output);
    if (url !== undefined && (await isHealthy(url))) return url;
    await pause(15);
  }
  running.signal('SIGKILL');
  throw new Error(`The server did not come up. It said:\n${running.output}`);
};

/** The real server, started as a user starts it, on a free port and a folder of its own. */
export class ServerProcess {
  readonly dataFolder: string;
  readonly operatorKey: string;
  readonly #options: ServerOptions;
  #running: RunningServer;
  #baseUrl = '';
  #devKey = '';

  private constructor(options: ServerOptions, dataFolder: string) {
    this.#options = options;
    this.dataFolder = dataFolder;
    this.operatorKey =
      options.operatorKey === null ? '' : (options.operatorKey ?? `operator-${randomBytes(16).toString('hex')}`);
    this.#running = this.#spawn();
  }

  static async start(options: ServerOptions = {}): Promise<ServerProcess> {
    const server = new ServerProcess(options, options.dataFolder ?? (await makeFolder()));
    try {
      await server.#comeUp();
    } catch (error) {
      if (options.dataFolder === undefined) await server.cleanup();
      throw error;
    }
    return server;
  }

  get baseUrl(): string {
    return this.#baseUrl;
  }

  /** The key of the tenant `dev`, as the first start printed it. */
  get devKey(): string {
    return this.#devKey;
  }

  get output(): string {
    return this.#running.output;
  }

  get running(): RunningServer {
    return this.#running;
  }

  get pid(): number {
    return this.#running.child.pid ?? 0;
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    this.#running.signal('SIGKILL');
    await this.#running.exited;
  }

  /** SIGTERM; it has to end by itself, well, and in time. */
  async stop(): Promise<void> {
    if (this.#running.hasExited) return;
    const askedAt = Date.now();
    this.#running.signal('SIGTERM');
    const late = setTimeout(() => this.#running.signal('SIGKILL'), 2 * STOP_LIMIT_MS);
    const exit = await this.#running.exited;
    clearTimeout(late);
    const tookMs = Date.now() - askedAt;
    if (exit.code === 0 && tookMs < STOP_LIMIT_MS) return;
    throw new Error(`SIGTERM ended with ${exit.code ?? exit.signal} after ${tookMs} ms. It said:\n${exit.output}`);
  }

  /** Starts it again on the same folder, where it is not running. */
  async restart(): Promise<void> {
    this.#running = this.#spawn();
    await this.#comeUp();
  }

  async cleanup(): Promise<void> {
    await this.kill();
    await rm(this.dataFolder, { recursive: true, force: true });
  }

  #spawn(): RunningServer {
    const settings = {
      CHASQUI_PORT: '0',
      CHASQUI_DATA: this.dataFolder,
      ...(this.operatorKey === '' ? {} : { CHASQUI_OPERATOR_KEY: this.operatorKey }),
      CHASQUI_LOG: 'error',
      ...this.#options.settings,
    };
    return spawnServer(settings, this.#options.wrapper);
  }

  async #comeUp(): Promise<void> {
    this.#baseUrl = await waitUntilHealthy(this.#running);
    this.#devKey ||= printedKeys(this.#running.stdout).at(-1) ?? '';
  }
}

export const makeFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'chasqui-test-'));
