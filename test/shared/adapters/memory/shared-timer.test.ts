import { describe, expect, it } from 'vitest';
import { createSharedTimer } from '../../../../shared/adapters/memory/shared-timer.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

const open = () => {
  const clock = createFakeClock(1000);
  const woken: [string, number][] = [];
  const timer = createSharedTimer(clock);
  const start = (name: string, ms: number): (() => void) => {
    const wake = (): void => {
      woken.push([name, clock.now()]);
    };
    timer.start(wake, ms);
    return wake;
  };
  return { clock, woken, timer, start };
};

describe('createSharedTimer', () => {
  it('wakes everybody at their time over one sleep, whoever came first', async () => {
    const { clock, woken, start } = open();
    start('c', 30);
    start('a', 10);
    start('b', 20);
    start('b too', 20);
    expect(clock.sleeping()).toBe(1);
    await clock.advance(100);
    expect(woken).toEqual([
      ['a', 1010],
      ['b', 1020],
      ['b too', 1020],
      ['c', 1030],
    ]);
    expect(clock.sleeping()).toBe(0);
  });

  it('wakes nobody who has stopped, and sleeps no longer than somebody waits', async () => {
    const { clock, woken, timer, start } = open();
    const [a, b] = [start('a', 10), start('b', 20)];
    timer.stop(a);
    await clock.advance(15);
    expect(woken).toEqual([]);
    timer.stop(b);
    expect(clock.sleeping()).toBe(0);
    await clock.advance(100);
    expect(woken).toEqual([]);
  });

  it('lets nobody wait for hours when the clock is set back', async () => {
    let nowMs = 10_000_000;
    let endSleep: () => void = () => undefined;
    const sleep = (): Promise<void> => new Promise((resolve) => (endSleep = resolve));
    const timer = createSharedTimer({ now: () => nowMs, sleep });
    const woken: string[] = [];
    timer.start(() => woken.push('before'), 20_000);
    nowMs -= 3_600_000;
    timer.start(() => woken.push('after'), 30_000);
    nowMs += 20_000;
    endSleep();
    await createFakeClock().turn();
    expect(woken).toEqual(['before']);
    nowMs += 10_000;
    endSleep();
    await createFakeClock().turn();
    expect(woken).toEqual(['before', 'after']);
  });
});
