import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BufferPool } from '../lib/buffer-pool.ts';
import type { Eventually } from '../lib/eventually.ts';
import type { ByteLease } from './byte-budget.ts';
import { type Exchange, endUnread, isParts, type Outcome } from './exchange.ts';
import { discardRest } from './linger.ts';
import { readNodeBody } from './node-body.ts';

/** A part of the path by its name, as it was sent. */
export type RawParam = (name: string) => string | undefined;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** As node:http takes them without a copy. What has no length beforehand is sent in chunks. */
const headerList = ({ headers, body, bytes }: Outcome): string[] => {
  const list: string[] = [];
  for (const name in headers) list.push(name, headers[name]!);
  if (bytes !== undefined && body !== null) list.push('content-length', String(bytes));
  return list;
};

const untilMoved = (outgoing: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      outgoing.off('drain', done).off('close', done);
      resolve();
    };
    outgoing.on('drain', done).on('close', done);
  });

/** A request of node:http, answered straight through it. */
export class NodeExchange implements Exchange {
  readonly target: string;
  readonly canStream = true;
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  readonly #param: RawParam;

  constructor(incoming: IncomingMessage, outgoing: ServerResponse, target: string, param: RawParam) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.target = target;
    this.#param = param;
  }

  get method(): string {
    return this.#incoming.method ?? 'GET';
  }

  get connection(): object {
    return this.#incoming.socket;
  }

  param(name: string): string | undefined {
    const text = this.#param(name);
    return text?.includes('%') ? decoded(text) : text;
  }

  header(name: string): string | undefined {
    const value = this.#incoming.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  rawHeaders(): readonly string[] {
    return this.#incoming.rawHeaders;
  }

  readBody(limit: number, lease: ByteLease | undefined, pool: BufferPool | undefined): Eventually<Buffer> {
    return readNodeBody(this.#incoming, { limit, lease, pool }, () => this.#outgoing.writeContinue());
  }

  onGone(listener: () => void): () => void {
    const outgoing = this.#outgoing;
    const { socket } = this.#incoming;
    outgoing.once('close', listener);
    // Most who close their side have gone. One who still reads gets what there is.
    socket.once('end', listener);
    if (outgoing.destroyed || socket.readableEnded) listener();
    return () => {
      outgoing.off('close', listener);
      socket.off('end', listener);
    };
  }

  onClosed(listener: () => void): boolean {
    if (this.#outgoing.destroyed) return false;
    this.#outgoing.once('close', listener);
    return true;
  }

  send(outcome: Outcome): undefined {
    const outgoing = this.#outgoing;
    const incoming = this.#incoming;
    const { status, body, sent, ended } = outcome;
    if (sent !== undefined) outgoing.once('finish', sent);
    if (!incoming.complete) discardRest(incoming, outgoing);
    outgoing.writeHead(status, headerList(outcome));
    if (this.method === 'HEAD') {
      endUnread(body, ended);
      outgoing.end();
    } else if (body === null || typeof body === 'string' || body instanceof Uint8Array) outgoing.end(body);
    else if (isParts(body)) this.#sendParts(body);
    else void this.#stream(body).finally(ended);
  }

  #sendParts(parts: readonly Uint8Array[]): void {
    const outgoing = this.#outgoing;
    outgoing.cork();
    for (const part of parts) outgoing.write(part);
    outgoing.end();
  }

  /** A generator that throws cuts the connection: nothing else would tell the reader that something is missing. */
  async #stream(parts: AsyncGenerator<Uint8Array, void>): Promise<void> {
    const outgoing = this.#outgoing;
    outgoing.flushHeaders();
    try {
      for await (const part of parts) {
        if (!outgoing.write(part)) await untilMoved(outgoing);
        if (outgoing.destroyed) return;
      }
      outgoing.end();
    } catch {
      outgoing.destroy();
    }
  }
}
