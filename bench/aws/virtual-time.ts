import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../shared/ports/clock.ts';

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** Turns of the event loop in which nothing happens before everybody is taken to be waiting. */
const QUIET_TURNS = 4;

/**
 * Time that passes only while everybody waits, so that a slow machine changes nothing: what is measured is the path of the calls,
 * not the work between them.
 */
export class VirtualTime implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  #nowMs = 0;
  #underWay = 0;
  #events = 0;

  now(): number {
    return Math.floor(this.#nowMs);
  }

  turn(): Promise<void> {
    return setImmediate();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { dueMs: this.#nowMs + Math.max(ms, 0), wake: resolve };
      this.#sleepers.add(sleeper);
      this.#events += 1;
      const leave = (): void => {
        this.#sleepers.delete(sleeper);
        this.#events += 1;
        reject(signal?.reason);
      };
      if (signal?.aborted === true) leave();
      else signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** A call that takes `ms` of this time, whatever it takes of ours. */
  async call<Answer>(ms: number, perform: () => Promise<Answer>): Promise<Answer> {
    const dueMs = this.#nowMs + ms;
    this.#underWay += 1;
    const outcome = await perform().then(
      (answer) => () => answer,
      (error: unknown) => () => {
        throw error;
      },
    );
    this.#underWay -= 1;
    await this.sleep(dueMs - this.#nowMs);
    return outcome();
  }

  /** Lets time pass until it is done; answers how long that took, in milliseconds of this time. */
  async measure(perform: () => Promise<unknown>): Promise<number> {
    const startedAtMs = this.#nowMs;
    let tookMs: number | undefined;
    const done = perform().then(() => {
      tookMs = this.#nowMs - startedAtMs;
    });
    let isOver = false;
    const over = done.finally(() => {
      isOver = true;
    });
    over.catch(() => undefined);
    while (!isOver) if (await this.#isQuiet()) this.#advance();
    await over;
    return tookMs ?? 0;
  }

  async #isQuiet(): Promise<boolean> {
    const before = this.#events;
    for (let turn = 0; turn < QUIET_TURNS; turn += 1) await setImmediate();
    return this.#underWay === 0 && this.#events === before;
  }

  #advance(): void {
    const [next] = [...this.#sleepers].sort((a, b) => a.dueMs - b.dueMs);
    if (next === undefined) return;
    this.#sleepers.delete(next);
    this.#events += 1;
    this.#nowMs = Math.max(this.#nowMs, next.dueMs);
    next.wake();
  }
}
