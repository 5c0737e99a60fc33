import type { TenantId } from '../contract/ids.ts';
import type { Route } from '../contract/route.ts';
import { type Eventually, whenThere } from '../lib/eventually.ts';
import { parseTraceparent } from '../lib/traceparent.ts';
import type { Principal } from '../tenancy/principal.ts';
import type { ByteLease } from './byte-budget.ts';
import type { Exchange } from './exchange.ts';
import { readBody } from './read-body.ts';
import { nextRequestId } from './request-id.ts';
import type { Service } from './service.ts';

const NOTHING = Buffer.alloc(0);

/** One request on its way through the edge, which fills it in. */
export class LiveRequest {
  readonly exchange: Exchange;
  readonly service: Service;
  readonly route: Route | undefined;
  readonly requestId: string = nextRequestId();
  readonly startedAt: number = performance.now();
  readonly traceparent: string | undefined;
  principal: Principal | undefined;
  params: unknown;
  query: unknown;
  body: unknown;
  bytes: Buffer = NOTHING;
  mediaType = 'application/json';
  /** Bytes of the body behind its decompression, once it has been read. */
  bytesIn = 0;
  bodyRead = false;
  readonly #queryAt: number;
  #bodyLease: ByteLease | undefined;
  #abort: AbortController | undefined;
  #stopWatching: (() => void) | undefined;

  constructor(service: Service, exchange: Exchange, route: Route | undefined) {
    this.service = service;
    this.exchange = exchange;
    this.route = route;
    this.#queryAt = exchange.target.indexOf('?');
    this.traceparent = parseTraceparent(exchange.header('traceparent'));
  }

  get method(): string {
    return this.exchange.method;
  }

  get path(): string {
    const { target } = this.exchange;
    return this.#queryAt === -1 ? target : target.slice(0, this.#queryAt);
  }

  get rawQuery(): string {
    return this.#queryAt === -1 ? '' : this.exchange.target.slice(this.#queryAt + 1);
  }

  get tenant(): TenantId | undefined {
    return this.principal?.kind === 'tenant' ? this.principal.tenant : undefined;
  }

  get abort(): AbortSignal {
    this.#abort ??= this.#watch();
    return this.#abort.signal;
  }

  get canStream(): boolean {
    return this.exchange.canStream;
  }

  header(name: string): string | undefined {
    return this.exchange.header(name);
  }

  rawHeaders(): readonly string[] {
    return this.exchange.rawHeaders();
  }

  readBody(): Eventually<Buffer> {
    const body = this.route?.body;
    if (body === undefined || body.kind === 'none') throw new Error('This route takes no body.');
    this.bodyRead = true;
    this.#bodyLease = this.service.bodies?.lease(this.tenant);
    return whenThere(readBody(this.exchange, body.maxBytes, this.#bodyLease, this.service.pool), (bytes) => {
      this.bytes = bytes;
      this.bytesIn = bytes.length;
      return bytes;
    });
  }

  /** Lets go of what the body and `abort` hold: whoever was given the body's bytes has no more use for them. */
  end(): void {
    this.#bodyLease?.end();
    if (this.bytes !== NOTHING) this.service.pool?.give(this.bytes);
    this.bytes = NOTHING;
    if (this.#abort === undefined) return;
    this.service.drain.leave(this.#abort);
    this.#stopWatching?.();
  }

  /**
   * Counts an answer until it has gone out, or its reader has gone.
   * @throws {ChasquiError} `unavailable` when the answers that wait for their readers hold too much already.
   */
  holdAnswer(bytes: number): void {
    const lease = this.service.answers?.lease(this.tenant);
    if (lease === undefined) return;
    lease.take(bytes);
    if (!this.exchange.onClosed(() => lease.end())) lease.end();
  }

  #watch(): AbortController {
    const controller = new AbortController();
    this.service.drain.join(controller);
    this.#stopWatching = this.exchange.onGone(() => controller.abort());
    return controller;
  }
}
