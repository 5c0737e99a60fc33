export interface BackoffOptions {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * The pause before try `attempt` (1 is the first repeat): full jitter, uniform between 0 and the doubled bound.
 * Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export const backoffMs = (attempt: number, fraction: number, { baseMs, maxMs }: BackoffOptions): number =>
  fraction * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
