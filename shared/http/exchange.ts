import type { BufferPool } from '../lib/buffer-pool.ts';
import type { Eventually } from '../lib/eventually.ts';
import type { Answer } from './answer.ts';
import type { ByteLease } from './byte-budget.ts';

/** What whoever carries a request wants for its answer: a `Response`, or nothing where it has been sent already. */
export type Sent = Response | undefined;

/** An answer that is ready to go. */
export interface Outcome {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Answer['body'];
  /** Of the body; undefined of a generator. */
  readonly bytes: number | undefined;
  /** Called when the whole body has gone out. Never called where nobody can tell. */
  readonly sent?: (() => void) | undefined;
  /** Called when a generator has come to its end, or was told to. */
  readonly ended: () => void;
}

/** A request, and the way back: the narrow side of whatever carries it. */
export interface Exchange {
  /** In capitals. `HEAD` is answered as `GET` is, without the body. */
  readonly method: string;
  /** Path and query as they were sent: nothing decoded, no `..` resolved. */
  readonly target: string;
  /** What it came on, where several requests may come on one; never the same object for two. */
  readonly connection: object | undefined;
  /** Whether an answer may go out part by part. */
  readonly canStream: boolean;
  /** A part of the path by its name in the route, percent-decoded. */
  param(name: string): string | undefined;
  /** A request header by its lower-case name; several of one name are joined by commas. Values are Latin-1. */
  header(name: string): string | undefined;
  /** Name, value, name, value …; names in the case that they came in, where that is known. */
  rawHeaders(): readonly string[];
  /**
   * The whole body as it was sent, not a byte beyond the limit; at once where it is there. Once only. Where it came in pieces it may be in memory of the pool, which
   * whoever reads it gives back.
   * @throws {ChasquiError} `payload_too_large`, `invalid_request` (it was cut off), `unavailable` (the lease takes no more)
   */
  readBody(limit: number, lease: ByteLease | undefined, pool: BufferPool | undefined): Eventually<Buffer>;
  /** Calls back, once, when nobody waits for the answer any more; at once where that is so already. Answers how to stop watching. */
  onGone(listener: () => void): () => void;
  /** Calls back when the answer has gone out, or nobody is there to take it. False: it will never be known. */
  onClosed(listener: () => void): boolean;
  /** Sends the answer. Once only. */
  send(outcome: Outcome): Sent;
}

export const isParts = (body: Answer['body']): body is readonly Uint8Array<ArrayBuffer>[] => Array.isArray(body);

/** A generator whose parts nobody will read. */
export const endUnread = (body: Answer['body'], ended: () => void): void => {
  if (typeof body === 'object' && body !== null && 'return' in body) void body.return().finally(ended);
};
