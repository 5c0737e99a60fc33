import { describe, expect, it } from 'vitest';
import { pollingSignal } from '../../../../shared/adapters/dynamodb/polling-signal.ts';
import { createMemoryCommitSignal } from '../../../../shared/adapters/memory/memory-commit-signal.ts';
import { describeCommitSignal } from '../../../contracts/commit-signal.contract.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { ACME, refOf } from '../../../support/index-fixtures.ts';

describeCommitSignal('polling', async () => {
  const clock = createFakeClock();
  return {
    signal: pollingSignal(createMemoryCommitSignal(clock)),
    elapse: clock.advance,
    close: async () => undefined,
  };
});

describe('pollingSignal', () => {
  it('lets whoever waits for 20 s look at most 14 times, the first look included', async () => {
    const clock = createFakeClock();
    const watch = pollingSignal(createMemoryCommitSignal(clock)).watch(ACME, [refOf()]);
    const until = clock.now() + 20_000;
    const looks: number[] = [];
    const wait = async (): Promise<void> => {
      for (;;) {
        looks.push(until - clock.now());
        if (clock.now() >= until) return;
        await watch.next(until - clock.now());
      }
    };
    const waiting = wait();
    await clock.advance(20_000);
    await waiting;
    watch.end();
    expect(looks.length).toBeLessThanOrEqual(14);
    expect(looks.slice(0, 4)).toEqual([20_000, 19_900, 19_700, 19_300]);
    expect(looks.at(-1)).toBe(0);
  });

  it('grows no gap beyond two and a half seconds', async () => {
    const clock = createFakeClock();
    const watch = pollingSignal(createMemoryCommitSignal(clock)).watch(ACME, [refOf()]);
    for (let look = 0; look < 20; look += 1) {
      const before = clock.now();
      const next = watch.next(20_000);
      while (clock.sleeping() > 0) await clock.advance(50);
      await next;
      expect(clock.now() - before).toBeLessThanOrEqual(2500);
    }
    watch.end();
  });
});
