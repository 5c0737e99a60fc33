import { describe, expect, it } from 'vitest';
import { createFakeClock } from './fake-clock.ts';

describe('createFakeClock', () => {
  it('wakes sleepers in the order of their time, each at its time', async () => {
    const clock = createFakeClock(1000);
    const woken: [string, number][] = [];
    const sleeper = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      woken.push([name, clock.now()]);
    };
    const all = [sleeper('b', 20), sleeper('a', 10), sleeper('late', 31)];
    await clock.advance(30);
    expect(woken).toEqual([
      ['a', 1010],
      ['b', 1020],
    ]);
    expect(clock.now()).toBe(1030);
    expect(clock.sleeping()).toBe(1);
    await clock.advance(1);
    await Promise.all(all);
  });

  it('wakes whoever falls asleep again on the way', async () => {
    const clock = createFakeClock(0);
    const times: number[] = [];
    const loop = async (): Promise<void> => {
      for (let round = 0; round < 3; round += 1) {
        await clock.sleep(10);
        times.push(clock.now());
      }
    };
    const done = loop();
    await clock.advance(100);
    await done;
    expect(times).toEqual([10, 20, 30]);
  });

  it('rejects with the reason of the signal, before or during the sleep', async () => {
    const clock = createFakeClock();
    const abort = new AbortController();
    const sleep = clock.sleep(10, abort.signal);
    abort.abort(new Error('enough'));
    await expect(sleep).rejects.toThrow('enough');
    await expect(clock.sleep(10, abort.signal)).rejects.toThrow('enough');
    expect(clock.sleeping()).toBe(0);
  });
});
