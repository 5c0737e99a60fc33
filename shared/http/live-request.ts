import type { Context } from 'hono';
import type { TenantId } from '../contract/ids.ts';
import type { Route } from '../contract/route.ts';
import { parseTraceparent } from '../lib/traceparent.ts';
import type { Principal } from '../tenancy/principal.ts';
import type { ByteLease } from './byte-budget.ts';
import type { EdgeEnv } from './edge-request.ts';
import { targetOf } from './path.ts';
import { readBody } from './read-body.ts';
import { nextRequestId } from './request-id.ts';
import type { Service } from './service.ts';

/** One request on its way through the edge, which fills it in. Reads node:http's own objects where they are at hand. */
export class LiveRequest {
  readonly c: Context<EdgeEnv>;
  readonly service: Service;
  readonly route: Route | undefined;
  readonly requestId: string = nextRequestId();
  readonly startedAt: number = performance.now();
  readonly method: string;
  readonly traceparent: string | undefined;
  principal: Principal | undefined;
  params: unknown;
  query: unknown;
  body: unknown;
  mediaType = 'application/json';
  /** Bytes of the body behind its decompression, once it has been read. */
  bytesIn = 0;
  bodyRead = false;
  readonly #target: string;
  readonly #queryAt: number;
  #bodyLease: ByteLease | undefined;
  #abort: AbortController | undefined;
  #onClose: (() => void) | undefined;

  constructor(service: Service, c: Context<EdgeEnv>, route: Route | undefined) {
    this.service = service;
    this.c = c;
    this.route = route;
    this.method = c.req.raw.method;
    this.#target = targetOf(c.req.raw, c.env);
    this.#queryAt = this.#target.indexOf('?');
    this.traceparent = parseTraceparent(this.header('traceparent'));
  }

  get path(): string {
    return this.#queryAt === -1 ? this.#target : this.#target.slice(0, this.#queryAt);
  }

  get rawQuery(): string {
    return this.#queryAt === -1 ? '' : this.#target.slice(this.#queryAt + 1);
  }

  get tenant(): TenantId | undefined {
    return this.principal?.kind === 'tenant' ? this.principal.tenant : undefined;
  }

  get abort(): AbortSignal {
    this.#abort ??= this.#watch();
    return this.#abort.signal;
  }

  get canStream(): boolean {
    return this.c.env?.outgoing !== undefined;
  }

  header(name: string): string | undefined {
    const incoming = this.c.env?.incoming;
    if (incoming === undefined) return this.c.req.raw.headers.get(name) ?? undefined;
    const value = incoming.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  rawHeaders(): readonly string[] {
    return this.c.env?.incoming?.rawHeaders ?? [...this.c.req.raw.headers].flat();
  }

  async readBody(): Promise<Buffer> {
    const body = this.route?.body;
    if (body === undefined || body.kind === 'none') throw new Error('This route takes no body.');
    this.bodyRead = true;
    this.#bodyLease = this.service.bodies?.lease(this.tenant);
    const bytes = await readBody(this.c, (name) => this.header(name), body.maxBytes, this.#bodyLease);
    this.bytesIn = bytes.length;
    return bytes;
  }

  /** Lets go of what the body and `abort` hold. */
  end(): void {
    this.#bodyLease?.end();
    if (this.#abort === undefined) return;
    this.service.drain.leave(this.#abort);
    if (this.#onClose === undefined) return;
    this.c.env?.outgoing?.off('close', this.#onClose);
    this.c.env?.incoming?.socket.off('end', this.#onClose);
  }

  /**
   * Counts an answer until it has gone out, or its reader has gone. `sent` is called only in the first case: where a connection broke,
   * nobody can tell when the system lets go of the bytes.
   * @throws {ChasquiError} `unavailable` when the answers that wait for their readers hold too much already.
   */
  holdAnswer(bytes: number, sent?: () => void): void {
    const outgoing = this.c.env?.outgoing;
    if (outgoing === undefined || outgoing.destroyed) return;
    const lease = this.service.answers?.lease(this.tenant);
    lease?.take(bytes);
    if (lease !== undefined) outgoing.once('close', () => lease.end());
    if (sent !== undefined) outgoing.once('finish', sent);
  }

  #watch(): AbortController {
    const controller = new AbortController();
    this.service.drain.join(controller);
    const outgoing = this.c.env?.outgoing;
    if (outgoing === undefined) {
      const { signal } = this.c.req.raw;
      signal.addEventListener('abort', () => controller.abort(), { once: true, signal: controller.signal });
      if (signal.aborted) controller.abort();
      return controller;
    }
    this.#onClose = () => controller.abort();
    outgoing.once('close', this.#onClose);
    // Most who close their side have gone. One who still reads gets what there is.
    const socket = this.c.env?.incoming?.socket;
    socket?.once('end', this.#onClose);
    if (outgoing.destroyed || socket?.readableEnded) controller.abort();
    return controller;
  }
}
