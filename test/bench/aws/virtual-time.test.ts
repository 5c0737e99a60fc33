import { describe, expect, it } from 'vitest';
import { drawMs } from '../../../bench/aws/latency-model.ts';
import { VirtualTime } from '../../../bench/aws/virtual-time.ts';
import { createSeededRandom } from '../../support/seeded-random.ts';

const call = (time: VirtualTime, ms: number, ours = 0) =>
  time.call(ms, () => new Promise<void>((resolve) => setTimeout(resolve, ours)));

describe('VirtualTime', () => {
  it('adds up calls that wait for each other, and takes the longest of those that do not', async () => {
    const time = new VirtualTime();
    const path = async () => {
      await call(time, 100);
      await Promise.all([call(time, 30), call(time, 70)]);
    };
    expect(await time.measure(path)).toBe(170);
    expect(await time.measure(() => Promise.any([call(time, 40), call(time, 20)]))).toBe(20);
  });

  it('stands still while this machine works, however long that takes', async () => {
    const time = new VirtualTime();
    expect(await time.measure(() => Promise.all([call(time, 5, 30), call(time, 1000, 5)]))).toBe(1000);
  });

  it('ends a sleep that is aborted, and a measurement that fails', async () => {
    const time = new VirtualTime();
    const abort = new AbortController();
    const sleep = time.sleep(1000, abort.signal);
    abort.abort(new Error('no longer'));
    await expect(sleep).rejects.toThrow('no longer');
    const failing = time.measure(() => time.call(5, () => Promise.reject(new Error('failed'))));
    await expect(failing).rejects.toThrow('failed');
    expect(time.now()).toBe(5);
  });
});

describe('drawMs', () => {
  it('has the median and the p99 that it was given', () => {
    const { fraction } = createSeededRandom(1);
    const drawn = Array.from({ length: 20_000 }, () => drawMs({ p50: 7, p99: 20 }, fraction)).sort((a, b) => a - b);
    expect(drawn[10_000]).toBeCloseTo(7, 0);
    expect(drawn[19_800]! / 20).toBeCloseTo(1, 1);
  });
});
