import type { Clock } from '../ports/clock.ts';

interface Sleep {
  readonly dueAt: number;
  readonly timer: AbortController;
}

/**
 * Wakes the one who waits for it; remembers one ring until somebody does. A sleep that was cut short by a ring serves the next wait too:
 * making and breaking off a timer costs more than what is rung for.
 */
export class Bell {
  readonly #clock: Pick<Clock, 'now' | 'sleep'>;
  #rung = false;
  #wake: (() => void) | undefined;
  #sleep: Sleep | undefined;

  constructor(clock: Pick<Clock, 'now' | 'sleep'>) {
    this.#clock = clock;
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves at the first ring since the last call, or after `timeoutMs`, or somewhat before that. */
  async next(timeoutMs: number): Promise<void> {
    if (!this.#rung && timeoutMs > 0) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#sleepUntil(this.#clock.now() + timeoutMs);
      await woken;
      this.#wake = undefined;
    }
    this.#rung = false;
  }

  /** Nobody waits for now. */
  rest(): void {
    this.#sleep?.timer.abort();
    this.#sleep = undefined;
  }

  #sleepUntil(dueAt: number): void {
    if (this.#sleep !== undefined && this.#sleep.dueAt <= dueAt) return;
    this.rest();
    const timer = new AbortController();
    const sleep = { dueAt, timer };
    this.#sleep = sleep;
    this.#clock.sleep(dueAt - this.#clock.now(), timer.signal).then(
      () => {
        if (this.#sleep !== sleep) return;
        this.#sleep = undefined;
        this.#wake?.();
      },
      () => undefined,
    );
  }
}
