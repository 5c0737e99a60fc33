import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

type Answer = (received: Received, response: ServerResponse) => void;

const ok: Answer = (_, response) => {
  response.writeHead(204).end();
};

/** An endpoint on loopback that remembers what came, and answers as it is told. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  answer: Answer = ok;
  readonly #server: Server;
  #waiting: (() => void)[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const received = { method, path: url, headers, body: Buffer.concat(parts), at: Date.now() };
        this.received.push(received);
        this.answer(received, response);
        for (const wake of this.#waiting.splice(0)) wake();
      });
    });
  }

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  answerOk(): void {
    this.answer = ok;
  }

  /** Resolves when so many have come in all; rejects when they do not. */
  async count(wanted: number, timeoutMs = 10_000): Promise<Received[]> {
    const until = Date.now() + timeoutMs;
    while (this.received.length < wanted) {
      const leftMs = until - Date.now();
      if (leftMs <= 0) throw new Error(`${this.received.length} of ${wanted} deliveries came in ${timeoutMs} ms.`);
      await this.#next(leftMs);
    }
    return this.received.slice(0, wanted);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #next(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
