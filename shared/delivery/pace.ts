/** Allowed to come early by this much, since timers are not exact. */
const TOLERANCE_MS = 5;

/**
 * When a subscription may send next: its rate limit, and what its endpoint has asked for. One for all its partitions in a process.
 * Even spacing, not a bucket: no second ever holds more than the limit and one.
 */
export class Pace {
  readonly #intervalMs: number;
  #nextAt = 0;
  #holdUntil = 0;

  constructor(perSecond: number | undefined) {
    this.#intervalMs = perSecond === undefined ? 0 : 1000 / perSecond;
  }

  /** Milliseconds since the epoch; not before this. */
  readyAt(now: number): number {
    const ready = Math.max(this.#nextAt - (this.#intervalMs > TOLERANCE_MS ? 0 : TOLERANCE_MS), this.#holdUntil);
    return Math.max(now, ready);
  }

  /** One request goes out now. */
  take(now: number): void {
    if (this.#intervalMs > 0) this.#nextAt = Math.max(this.#nextAt, now) + this.#intervalMs;
  }

  hold(until: number): void {
    this.#holdUntil = Math.max(this.#holdUntil, until);
  }
}
