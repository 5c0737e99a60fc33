import { type BackoffOptions, backoffMs } from './backoff.ts';

export interface RetryPolicy extends BackoffOptions {
  /** Tries in all, the first included. */
  readonly attempts: number;
}

/** Time and chance, as they are given to whoever retries. */
export interface RetryWorld {
  sleep(ms: number): Promise<void>;
  /** Uniform in [0, 1). */
  fraction(): number;
}

/**
 * Calls `perform` until it succeeds, its error is not one to try `again` after, or the attempts are used up; then the last error is
 * thrown. Full jitter between the attempts. Only for what may be done twice.
 */
export const retry = async <Answer>(
  world: RetryWorld,
  policy: RetryPolicy,
  perform: (attempt: number) => Promise<Answer>,
  again: (error: unknown) => boolean,
): Promise<Answer> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await perform(attempt);
    } catch (error) {
      if (attempt >= policy.attempts || !again(error)) throw error;
      await world.sleep(backoffMs(attempt, world.fraction(), policy));
    }
  }
};
