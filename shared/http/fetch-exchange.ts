import type { Context } from 'hono';
import type { EdgeEnv } from './edge-request.ts';
import { type Exchange, endUnread, isParts, type Outcome } from './exchange.ts';
import { targetOf } from './path.ts';
import { streamOf } from './stream-of.ts';
import { tooLarge } from './too-large.ts';

/** A request of the Fetch standard, as Hono gives it: in functions in AWS and in tests. */
export class FetchExchange implements Exchange {
  readonly #c: Context<EdgeEnv>;
  readonly method: string;
  readonly target: string;
  readonly connection = undefined;
  readonly canStream = false;

  constructor(c: Context<EdgeEnv>) {
    this.#c = c;
    this.method = c.req.raw.method;
    this.target = targetOf(c.req.raw, c.env);
  }

  param(name: string): string | undefined {
    return this.#c.req.param(name);
  }

  header(name: string): string | undefined {
    return this.#c.req.raw.headers.get(name) ?? undefined;
  }

  rawHeaders(): readonly string[] {
    return [...this.#c.req.raw.headers].flat();
  }

  async readBody(limit: number): Promise<Buffer> {
    if (Number(this.header('content-length') ?? 0) > limit) throw tooLarge(limit);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of this.#c.req.raw.body ?? []) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size);
  }

  onGone(listener: () => void): () => void {
    const { signal } = this.#c.req.raw;
    if (signal.aborted) listener();
    else signal.addEventListener('abort', listener, { once: true });
    return () => signal.removeEventListener('abort', listener);
  }

  onClosed(): boolean {
    return false;
  }

  send({ status, headers, body, bytes, ended }: Outcome): Response {
    if (this.method !== 'HEAD') return new Response(fetchBody(body, ended), { status, headers });
    if (bytes === undefined) endUnread(body, ended);
    return new Response(null, {
      status,
      headers: bytes === undefined || body === null ? headers : { ...headers, 'content-length': String(bytes) },
    });
  }
}

const fetchBody = (body: Outcome['body'], ended: () => void) => {
  if (typeof body === 'string' || body === null || body instanceof Uint8Array) return body;
  return isParts(body) ? Buffer.concat(body) : streamOf(body, ended);
};
