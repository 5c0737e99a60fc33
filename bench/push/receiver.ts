import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What one path has got. */
export interface Inbox {
  readonly url: string;
  /** Requests so far. */
  count(): number;
  /** Resolves when so many have come in all. */
  reaches(wanted: number): Promise<void>;
}

interface Box extends Inbox {
  came(request: IncomingMessage): void;
  readonly delayMs: number;
}

/** Webhook endpoints in this process: each path answers 204, at once or after a while. */
export class PushReceiver {
  readonly #server: Server;
  readonly #boxes = new Map<string, Box>();

  private constructor() {
    this.#server = createServer((request, response) => {
      request.resume().once('end', () => this.#take(request, response));
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  static async start(): Promise<PushReceiver> {
    const receiver = new PushReceiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  /** Opens a path. `delayMs`: before each answer; infinite for none at all. */
  open(path: string, delayMs = 0, onRequest: (request: IncomingMessage) => void = () => undefined): Inbox {
    let count = 0;
    let wanted = Number.POSITIVE_INFINITY;
    let reached = (): void => undefined;
    const box: Box = {
      url: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`,
      delayMs,
      count: () => count,
      reaches: async (goal) => {
        if (count >= goal) return;
        wanted = goal;
        await new Promise<void>((resolve) => {
          reached = resolve;
        });
      },
      came: (request) => {
        count += 1;
        onRequest(request);
        if (count >= wanted) reached();
      },
    };
    this.#boxes.set(path, box);
    return box;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const box = this.#boxes.get(request.url ?? '');
    box?.came(request);
    const answer = (): unknown => response.writeHead(204).end();
    if (box === undefined || box.delayMs === 0) answer();
    else if (Number.isFinite(box.delayMs)) setTimeout(answer, box.delayMs);
  }
}
