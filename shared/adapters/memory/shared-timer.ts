import type { Clock } from '../../ports/clock.ts';

export type Wake = () => void;

export interface SharedTimer {
  /** Calls `wake` once, after `ms` or, when the clock was set back, sooner. */
  start(wake: Wake, ms: number): void;
  stop(wake: Wake): void;
}

interface Wait {
  readonly startedAtMs: number;
  readonly dueAtMs: number;
}

interface Sleep {
  readonly dueAtMs: number;
  readonly abort: AbortController;
}

/** A reason of our own: the default one is an error with a stack, which costs more than all the rest. */
const STOPPED = 'stopped';

/**
 * Time-outs of many waiters over one sleep, until the earliest of them is due: most waits end early, and a sleep that is given up costs
 * some twenty times a look into a map. When it ends everybody is looked at; nobody sleeps on when nobody waits.
 */
export const createSharedTimer = (clock: Pick<Clock, 'now' | 'sleep'>): SharedTimer => {
  const waits = new Map<Wake, Wait>();
  let sleep: Sleep | undefined;

  const disarm = (): void => {
    sleep?.abort.abort(STOPPED);
    sleep = undefined;
  };
  const arm = (dueAtMs: number): void => {
    if (sleep !== undefined && sleep.dueAtMs <= dueAtMs) return;
    disarm();
    const mine = { dueAtMs, abort: new AbortController() };
    sleep = mine;
    clock.sleep(Math.max(1, dueAtMs - clock.now()), mine.abort.signal).then(
      () => {
        if (sleep === mine) ring();
      },
      () => undefined,
    );
  };
  const ring = (): void => {
    sleep = undefined;
    const nowMs = clock.now();
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const [wake, { startedAtMs, dueAtMs }] of waits) {
      if (nowMs < dueAtMs && nowMs >= startedAtMs) earliestMs = Math.min(earliestMs, dueAtMs);
      else {
        waits.delete(wake);
        wake();
      }
    }
    if (waits.size > 0) arm(earliestMs);
  };
  return {
    start: (wake, ms) => {
      const startedAtMs = clock.now();
      const dueAtMs = startedAtMs + ms;
      waits.set(wake, { startedAtMs, dueAtMs });
      arm(dueAtMs);
    },
    stop: (wake) => {
      waits.delete(wake);
      if (waits.size === 0) disarm();
    },
  };
};
