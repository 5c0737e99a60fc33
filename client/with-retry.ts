import { ApiError } from './api-error.ts';

export interface RetryOptions {
  /** From the first try to the start of the last, in milliseconds (30,000). */
  readonly deadlineMs?: number;
  /** The first pause is random between 0 and this, the bound of the next ones doubles (100). */
  readonly baseMs?: number;
  /** Where the doubling ends (5,000). */
  readonly maxMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Has the last word on what is repeated, of what may be. */
  readonly retryIf?: (error: ApiError) => boolean;
  /** Told before every pause. */
  readonly onRetry?: (error: ApiError, pauseMs: number) => void;
  readonly now?: () => number;
  readonly random?: () => number;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const sleepFor = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });

/**
 * Calls `operation` until it succeeds, the deadline would pass, or its error says that a repeat cannot help (`retryable`) or could
 * do the thing twice (`repeatable`): reads and PUT are repeated, a produce request only with an idempotency key.
 * Pauses: full jitter, after Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015; never shorter than the
 * server's `Retry-After`.
 */
export const withRetry = async <Answer>(
  operation: () => Promise<Answer>,
  options: RetryOptions = {},
): Promise<Answer> => {
  const { deadlineMs = 30_000, baseMs = 100, maxMs = 5_000, signal } = options;
  const { retryIf = () => true, now = Date.now, random = Math.random, sleep = sleepFor } = options;
  const deadline = now() + deadlineMs;
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof ApiError) || !error.retryable || !error.repeatable || !retryIf(error)) throw error;
      const jitterMs = random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
      const pauseMs = Math.max(jitterMs, error.retryAfterMs ?? 0);
      if (now() + pauseMs > deadline) throw error;
      options.onRetry?.(error, pauseMs);
      await sleep(pauseMs, signal);
    }
  }
};
