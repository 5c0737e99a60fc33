import type { ErrorCode, FieldError, SideEffects } from '../shared/contract/errors.ts';

/**
 * The contract's codes, and three of the client's own: `connection_failed` (no answer came, or it broke off), `no_answer` (none within
 * the time allowed) and `unexpected_answer` (something other than Chasqui answered, a proxy for example). A newer server may send others.
 */
export type ApiErrorCode = ErrorCode | 'connection_failed' | 'no_answer' | 'unexpected_answer' | (string & {});

export interface ApiErrorFacts {
  readonly code: ApiErrorCode;
  /** The HTTP status; 0 where no answer came. */
  readonly status: number;
  readonly detail: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  readonly sideEffects: SideEffects;
  /** Whether sending the request twice does no more than sending it once: reads, PUT, and whatever carries an idempotency key. */
  readonly repeatable: boolean;
  readonly requestId?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  /** The least that the server asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The whole problem document, with what its code adds (`highWatermark`, `quota`, …). */
  readonly problem?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/** Everything that goes wrong between a call and its answer. It answers the caller's question: may I send this again? */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly status: number;
  readonly detail: string;
  readonly retryable: boolean;
  readonly sideEffects: SideEffects;
  readonly repeatable: boolean;
  readonly requestId: string | undefined;
  readonly errors: readonly FieldError[];
  readonly retryAfterMs: number | undefined;
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(facts: ApiErrorFacts) {
    super(`${facts.code}: ${facts.detail}`, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'ApiError';
    this.code = facts.code;
    this.status = facts.status;
    this.detail = facts.detail;
    this.retryable = facts.retryable;
    this.sideEffects = facts.sideEffects;
    this.repeatable = facts.repeatable;
    this.requestId = facts.requestId;
    this.errors = facts.errors ?? [];
    this.retryAfterMs = facts.retryAfterMs;
    this.problem = facts.problem ?? {};
  }
}
