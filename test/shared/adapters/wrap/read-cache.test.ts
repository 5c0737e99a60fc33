import { describe, expect, it } from 'vitest';
import { createReadCache } from '../../../../shared/adapters/wrap/read-cache.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { ACME, GLOBEX } from '../../../support/index-fixtures.ts';

const openCache = (bounds: { maxAgeMs?: number; maxEntries?: number } = {}) => {
  const clock = createFakeClock();
  const reads: string[] = [];
  const values = new Map<string, string>();
  let answer = (value: string | undefined): Promise<string | undefined> => Promise.resolve(value);
  const cache = createReadCache(
    (tenant, name) => {
      reads.push(`${tenant}/${name}`);
      return answer(values.get(`${tenant}/${name}`));
    },
    clock,
    { maxAgeMs: 1000, maxEntries: 3, ...bounds },
  );
  const answerWith = (next: typeof answer): void => {
    answer = next;
  };
  return { clock, reads, values, cache, answerWith };
};

describe('createReadCache', () => {
  it('answers a hit at once', async () => {
    const { cache, reads, values } = openCache();
    values.set('acme/a', '1');
    const first = cache.get(ACME, 'a');
    expect(await first).toBe('1');
    expect(cache.get(ACME, 'a')).toBe('1');
    expect(reads).toEqual(['acme/a']);
  });

  it('shares one read among all who ask while it is under way', async () => {
    const { cache, reads, values } = openCache();
    values.set('acme/a', '1');
    expect(await Promise.all([1, 2, 3].map(() => cache.get(ACME, 'a')))).toEqual(['1', '1', '1']);
    expect(reads).toHaveLength(1);
  });

  it('remembers that there is nothing, but no longer than anything else', async () => {
    const { cache, clock, reads, values } = openCache();
    expect(await cache.get(ACME, 'a')).toBeUndefined();
    values.set('acme/a', '1');
    await clock.advance(999);
    expect(await cache.get(ACME, 'a')).toBeUndefined();
    await clock.advance(1);
    expect(await cache.get(ACME, 'a')).toBe('1');
    expect(reads).toHaveLength(2);
  });

  it('counts the age from the beginning of the read', async () => {
    const { cache, clock, reads, answerWith } = openCache();
    answerWith(async () => {
      await clock.sleep(600);
      return 'slow';
    });
    const slow = cache.get(ACME, 'a');
    await clock.advance(600);
    expect(await slow).toBe('slow');
    await clock.advance(400);
    const again = cache.get(ACME, 'a');
    expect(reads).toHaveLength(2);
    await clock.advance(600);
    await again;
  });

  it('does not live longer when the clock is set back', async () => {
    let nowMs = 5000;
    let reads = 0;
    const read = async (): Promise<number> => {
      reads += 1;
      return reads;
    };
    const cache = createReadCache(read, { now: () => nowMs }, { maxAgeMs: 1000, maxEntries: 3 });
    await cache.get(ACME, 'a');
    nowMs = 1000;
    expect(await cache.get(ACME, 'a')).toBe(2);
  });

  it('keeps tenants apart', async () => {
    const { cache, values } = openCache();
    values.set('acme/a', 'ours').set('globex/a', 'theirs');
    expect(await cache.get(ACME, 'a')).toBe('ours');
    expect(await cache.get(GLOBEX, 'a')).toBe('theirs');
    cache.forget(ACME, 'a');
    values.set('globex/a', 'changed');
    expect(await cache.get(GLOBEX, 'a')).toBe('theirs');
  });

  it('drops the oldest when it is full', async () => {
    const { cache, reads } = openCache();
    for (const name of ['a', 'b', 'c', 'd', 'b', 'c', 'd', 'a']) await cache.get(ACME, name);
    expect(reads).toEqual(['acme/a', 'acme/b', 'acme/c', 'acme/d', 'acme/a']);
  });

  it('answers no later call with a read that began before a write ended', async () => {
    const { cache, answerWith, reads } = openCache();
    let finish: (value: string) => void = () => undefined;
    answerWith(() => new Promise((resolve) => (finish = resolve)));
    const before = cache.get(ACME, 'a');
    cache.forget(ACME, 'a');
    finish('old');
    expect(await before).toBe('old');
    answerWith(async () => 'new');
    expect(await cache.get(ACME, 'a')).toBe('new');
    expect(reads).toHaveLength(2);
  });

  it('keeps the newer read when an older one that was forgotten fails late', async () => {
    const { cache, answerWith, reads } = openCache();
    let fail: (error: Error) => void = () => undefined;
    answerWith(() => new Promise((_, reject) => (fail = reject)));
    const before = cache.get(ACME, 'a');
    cache.forget(ACME, 'a');
    answerWith(async () => 'new');
    await cache.get(ACME, 'a');
    fail(new Error('lost'));
    await expect(before).rejects.toThrow('lost');
    expect(await cache.get(ACME, 'a')).toBe('new');
    expect(reads).toHaveLength(2);
  });

  it('forgets all of a tenant', async () => {
    const { cache, reads } = openCache();
    for (const name of ['a', 'b']) await cache.get(ACME, name);
    cache.forget(ACME);
    cache.forget(GLOBEX);
    for (const name of ['a', 'b']) await cache.get(ACME, name);
    expect(reads).toHaveLength(4);
  });

  it('tells a failed read to those who shared it and reads again for the next', async () => {
    const { cache, answerWith } = openCache();
    answerWith(() => Promise.reject(new Error('down')));
    const both = await Promise.allSettled([cache.get(ACME, 'a'), cache.get(ACME, 'a')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    answerWith(async () => 'up');
    expect(await cache.get(ACME, 'a')).toBe('up');
  });
});
