import type { Clock } from '../../shared/ports/clock.ts';

/** Time that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves time on; whoever wakes on the way is done with what it does then before the next one wakes. */
  advance(ms: number): Promise<void>;
  /** How many are asleep. */
  sleeping(): number;
}

interface Sleeper {
  readonly dueAt: number;
  wake(): void;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** 2025-10-09, a time like any other. */
const START_MS = 1_760_000_000_000;

export const createFakeClock = (startMs: number = START_MS): FakeClock => {
  let now = startMs;
  const sleepers = new Set<Sleeper>();
  const nextDue = (until: number): Sleeper | undefined =>
    [...sleepers].filter(({ dueAt }) => dueAt <= until).sort((a, b) => a.dueAt - b.dueAt)[0];
  return {
    now: () => now,
    turn,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason);
        const settle = (finish: () => void): void => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', onAbort);
          finish();
        };
        const sleeper = { dueAt: now + ms, wake: () => settle(resolve) };
        const onAbort = (): void => settle(() => reject(signal?.reason));
        signal?.addEventListener('abort', onAbort, { once: true });
        sleepers.add(sleeper);
      }),
    advance: async (ms) => {
      const until = now + ms;
      await turn();
      for (let sleeper = nextDue(until); sleeper !== undefined; sleeper = nextDue(until)) {
        now = Math.max(now, sleeper.dueAt);
        sleeper.wake();
        await turn();
      }
      now = until;
    },
    sleeping: () => sleepers.size,
  };
};
