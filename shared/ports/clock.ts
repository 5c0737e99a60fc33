/** Time, as the domain sees it; a fake one in tests. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Resolves when everything that has already arrived at this process has been looked at (the end of this turn of the event loop). */
  turn(): Promise<void>;
}
