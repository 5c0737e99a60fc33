import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What the deployment tells a function, as far as it has to be there. */
const SETTINGS = JSON.parse(
  readFileSync(new URL('../../../scripts/bundle/function-environment.json', import.meta.url), 'utf8'),
) as Record<string, string>;

/** Calls the handler with each line that it reads, and writes what comes back as a line. */
const RUNTIME = `
  const { handler } = await import(process.env.BUNDLE);
  const { createInterface } = await import('node:readline');
  const context = { getRemainingTimeInMillis: () => 29000 };
  createInterface({ input: process.stdin }).on('line', async (line) => {
    process.stdout.write(JSON.stringify(await handler(JSON.parse(line), context)) + '\\n');
  });
  process.stdout.write('ready\\n');
`;

/** Stands for all of AWS, with nothing in it; writes down what it was asked. */
export class EmptyWorld {
  readonly asked: string[] = [];
  delayMs = 0;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, answer) => {
      this.asked.push(String(request.headers['x-amz-target']).replace(/^.*\./, ''));
      setTimeout(() => answer.end('{"SecretString":"operator"}'), this.delayMs);
    });
  }

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** Bundles a function into a folder of its own, which it answers. */
export const bundle = (name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-function-'));
  spawnSync(process.execPath, ['scripts/bundle-function.mjs', name, folder], { stdio: 'inherit' });
  return folder;
};

/** A function's bundle as Lambda runs it: one process, started once, given one event after the other. */
export class FunctionProcess {
  readonly #child: ChildProcess;
  readonly exited: Promise<number | null>;

  constructor(folder: string, endpoint: string) {
    this.#child = spawn(process.execPath, ['--input-type=module', '--eval', RUNTIME], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        ...SETTINGS,
        PATH: process.env['PATH'],
        BUNDLE: pathToFileURL(join(folder, 'index.mjs')).href,
        AWS_ENDPOINT_URL: endpoint,
      },
    });
    this.exited = once(this.#child, 'exit').then(([code]) => code as number | null);
  }

  async line(): Promise<string> {
    const [chunk] = await once(this.#child.stdout!, 'data');
    return String(chunk).trim();
  }

  send(event: object): void {
    this.#child.stdin!.write(`${JSON.stringify(event)}\n`);
  }

  end(): void {
    this.#child.kill('SIGTERM');
  }

  cleanup(): void {
    this.#child.kill('SIGKILL');
  }
}
