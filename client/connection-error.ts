import { ApiError } from './api-error.ts';

export interface SentRequest {
  readonly origin: string;
  readonly isRead: boolean;
  readonly repeatable: boolean;
}

/** Where not even the connection was made, nothing can have happened. Browsers do not tell. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

const causeCodeOf = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
};

/** For a connection that failed or broke off before the whole answer was there. */
export const connectionFailed = (cause: unknown, { origin, isRead, repeatable }: SentRequest): ApiError => {
  const code = causeCodeOf(cause);
  const because = code === '' ? '' : ` (${code})`;
  return new ApiError({
    code: 'connection_failed',
    status: 0,
    detail: NOT_CONNECTED.has(code) ? `${origin} cannot be reached${because}.` : `${origin} broke off${because}.`,
    retryable: true,
    sideEffects: isRead || NOT_CONNECTED.has(code) ? 'none' : 'possible',
    repeatable,
    cause,
  });
};

export const noAnswer = (timeoutMs: number, { origin, isRead, repeatable }: SentRequest): ApiError =>
  new ApiError({
    code: 'no_answer',
    status: 0,
    detail: `${origin} did not answer within ${timeoutMs} ms.`,
    retryable: true,
    sideEffects: isRead ? 'none' : 'possible',
    repeatable,
  });
