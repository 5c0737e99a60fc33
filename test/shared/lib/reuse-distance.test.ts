import { describe, expect, it } from 'vitest';
import { ReuseDistance } from '../../../shared/lib/reuse-distance.ts';

/** Which of these, each of ten bytes, had been seen within the budget. */
const again = (budgetBytes: number, names: string): boolean[] => {
  const distance = new ReuseDistance(budgetBytes);
  return [...names].map((name) => distance.see(name, 10));
};

describe('ReuseDistance', () => {
  it('knows what comes again', () => {
    expect(again(100, 'abab')).toEqual([false, false, true, true]);
  });

  it('counts what has come between, to the byte', () => {
    expect(again(20, 'abca')).toEqual([false, false, false, false]);
    expect(again(30, 'abca')).toEqual([false, false, false, true]);
  });

  it('counts from the last time', () => {
    expect(again(20, 'aababa')).toEqual([false, true, false, true, true, true]);
  });

  it('never says so of a round that is larger than the budget, however often it is gone', () => {
    expect(again(30, 'abcdabcdabcd')).not.toContain(true);
  });
});
