import { afterAll, beforeAll } from 'vitest';
import { type Caller, Http } from './http.ts';
import { type ServerOptions, ServerProcess } from './server-process.ts';

interface Use extends ServerOptions {
  /** Connections at once (as `Http` has them by itself). */
  readonly connections?: number;
}

/** A server that runs while tests do, and callers with its keys. */
export class UsedServer {
  server!: ServerProcess;
  http!: Http;
  /** With the key of the tenant `dev`. */
  api!: Caller;
  operator!: Caller;
  readonly #use: Use;

  constructor(use: Use) {
    this.#use = use;
  }

  async start(): Promise<void> {
    const { connections: _connections, ...options } = this.#use;
    this.server = await ServerProcess.start(options);
    this.#connect();
  }

  /** `kill -9`, and another start on the same folder. */
  async killAndRestart(): Promise<void> {
    await this.server.kill();
    await this.#restart();
  }

  /** SIGTERM, and another start on the same folder. */
  async stopAndRestart(): Promise<void> {
    await this.server.stop();
    await this.#restart();
  }

  async cleanup(): Promise<void> {
    this.http?.close();
    await this.server?.cleanup();
  }

  async #restart(): Promise<void> {
    this.http.close();
    await this.server.restart();
    this.#connect();
  }

  #connect(): void {
    this.http = new Http(this.server.baseUrl, this.#use.connections);
    this.api = this.http.as(this.server.devKey);
    this.operator = this.http.as(this.server.operatorKey);
  }
}

/** A server for the tests that stand beside this call; it is gone with its folder when they have ended. */
export const useServer = (use: Use = {}): UsedServer => {
  const used = new UsedServer(use);
  beforeAll(() => used.start());
  afterAll(() => used.cleanup());
  return used;
};
