import { ApiError } from './api-error.ts';

export interface SentRequest {
  readonly origin: string;
  readonly isRead: boolean;
  readonly repeatable: boolean;
}

/** Where not even the connection was made, nothing can have happened. Browsers do not tell. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Of a failed `fetch`: its cause's code where it has one, else what its cause says. */
const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return '';
  return 'code' in cause ? String(cause.code) : cause.message;
};

/** For a connection that failed or broke off before the whole answer was there. */
export const connectionFailed = (cause: unknown, { origin, isRead, repeatable }: SentRequest): ApiError => {
  const reason = reasonOf(cause);
  const because = reason === '' ? '' : ` (${reason})`;
  return new ApiError({
    code: 'connection_failed',
    status: 0,
    detail: `The connection to ${origin} failed${because}.`,
    retryable: true,
    sideEffects: isRead || NOT_CONNECTED.has(reason) ? 'none' : 'possible',
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
