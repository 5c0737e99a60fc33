import type { Clock } from '../ports/clock.ts';

/** Wakes the one who waits for it; remembers one ring until somebody does. */
export class Bell {
  readonly #clock: Pick<Clock, 'sleep'>;
  #rung = false;
  #wake: (() => void) | undefined;

  constructor(clock: Pick<Clock, 'sleep'>) {
    this.#clock = clock;
  }

  ring(): void {
    if (this.#wake === undefined) this.#rung = true;
    else this.#wake();
  }

  /** Resolves at the first ring since the last call, or after `timeoutMs`. */
  async next(timeoutMs: number): Promise<void> {
    if (!this.#rung && timeoutMs > 0) await this.#wait(timeoutMs);
    this.#rung = false;
  }

  async #wait(timeoutMs: number): Promise<void> {
    const timer = new AbortController();
    const rung = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    const slept = this.#clock.sleep(timeoutMs, timer.signal).catch(() => undefined);
    await Promise.race([rung, slept]);
    this.#wake = undefined;
    timer.abort();
  }
}
