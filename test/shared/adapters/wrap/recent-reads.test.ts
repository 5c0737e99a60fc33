import { describe, expect, it } from 'vitest';
import { RecentReads } from '../../../../shared/adapters/wrap/recent-reads.ts';

const world = () => {
  let nowMs = 1000;
  const store = new Map<string, string>();
  const reads = new RecentReads<string>({ now: () => nowMs }, { maxAgeMs: 100, maxEntries: 2 });
  return {
    store,
    reads,
    get: (key: string) => reads.get(key, async () => store.get(key)),
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
};

describe('RecentReads', () => {
  it('answers what it found until it is too old, and counts it', async () => {
    const { store, reads, get, pass } = world();
    store.set('a', '1');
    expect(await get('a')).toBe('1');
    store.set('a', '2');
    expect(await get('a')).toBe('1');
    expect(reads.uses).toBe(1);
    pass(100);
    expect(await get('a')).toBe('2');
    expect(reads.uses).toBe(1);
  });

  it('does not remember that something is not there', async () => {
    const { store, get } = world();
    expect(await get('a')).toBeUndefined();
    store.set('a', '1');
    expect(await get('a')).toBe('1');
  });

  it('forgets all when it is told to, and the oldest when it is full', async () => {
    const { store, reads, get } = world();
    for (const key of ['a', 'b', 'c']) {
      store.set(key, '1');
      await get(key);
      store.set(key, '2');
    }
    expect([await get('b'), await get('c'), await get('a')]).toEqual(['1', '1', '2']);
    reads.forget();
    expect(await get('c')).toBe('2');
  });
});
