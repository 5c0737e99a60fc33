import type { Clock } from '../../ports/clock.ts';

export interface BreakerOptions {
  /** Failures one behind the other after which it opens (3). */
  readonly failures?: number;
  /** How long nothing passes then, in milliseconds (10,000). */
  readonly coolMs?: number;
}

/**
 * Keeps callers from a place that fails (Michael Nygard, "Release It!"): open after some failures in a row, then one trial each
 * `coolMs` until one succeeds. A hint only: whoever has no other place may go past it.
 */
export class CircuitBreaker {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #limit: number;
  readonly #coolMs: number;
  #failures = 0;
  #closedUntilMs = 0;

  constructor(clock: Pick<Clock, 'now'>, { failures = 3, coolMs = 10_000 }: BreakerOptions = {}) {
    this.#clock = clock;
    this.#limit = failures;
    this.#coolMs = coolMs;
  }

  /** Whether to try. Asked while it is open, it lets one caller through in each `coolMs`: ask only when you mean to go. */
  allows(): boolean {
    if (this.#failures < this.#limit) return true;
    if (this.#clock.now() < this.#closedUntilMs) return false;
    this.#closedUntilMs = this.#clock.now() + this.#coolMs;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /** Answers whether this is the failure that opens it. */
  failed(): boolean {
    this.#failures += 1;
    if (this.#failures >= this.#limit) this.#closedUntilMs = this.#clock.now() + this.#coolMs;
    return this.#failures === this.#limit;
  }
}
