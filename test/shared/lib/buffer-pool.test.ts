import { describe, expect, it } from 'vitest';
import { BufferPool } from '../../../shared/lib/buffer-pool.ts';

const KIB = 1024;

describe('BufferPool', () => {
  it('gives at least what was asked for, and at most a quarter more of large blocks', () => {
    const pool = new BufferPool(0);
    for (const bytes of [1, 100, 64 * KIB, 64 * KIB + 1, 100_000, 262_205, 1_048_576, 1_310_720, 5_000_001]) {
      const { length } = pool.take(bytes);
      expect(length).toBeGreaterThanOrEqual(bytes);
      if (bytes >= 64 * KIB) expect(length).toBeLessThanOrEqual(bytes * 1.25);
    }
  });

  it('gives again what it was given back, and never to two at once', () => {
    const pool = new BufferPool(KIB * KIB);
    const first = pool.take(100 * KIB);
    expect(pool.take(100 * KIB).buffer).not.toBe(first.buffer);
    pool.give(first.subarray(10, 20));
    pool.give(first);
    expect(pool.take(99 * KIB).buffer).toBe(first.buffer);
    expect(pool.take(99 * KIB).buffer).not.toBe(first.buffer);
  });

  it('rather gives a free block that is half as large again than a new one, but no larger', () => {
    const pool = new BufferPool(KIB * KIB);
    const large = pool.take(192 * KIB);
    pool.give(large);
    expect(pool.take(96 * KIB).buffer).not.toBe(large.buffer);
    expect(pool.take(128 * KIB).buffer).toBe(large.buffer);
    pool.give(large);
    expect(pool.take(192 * KIB).buffer).toBe(large.buffer);
  });

  it('leaves alone what it did not give', () => {
    const pool = new BufferPool(KIB * KIB);
    const foreign = Buffer.allocUnsafeSlow(128 * KIB);
    pool.give(foreign);
    expect(pool.take(128 * KIB).buffer).not.toBe(foreign.buffer);
    const small = pool.take(10);
    pool.give(small);
    expect(pool.take(10)).not.toBe(small);
  });

  it('keeps no more than its budget', () => {
    const pool = new BufferPool(128 * KIB);
    const taken = [pool.take(128 * KIB), pool.take(128 * KIB)];
    for (const buffer of taken) pool.give(buffer);
    expect(pool.take(128 * KIB).buffer).toBe(taken[0]!.buffer);
    expect(pool.take(128 * KIB).buffer).not.toBe(taken[1]!.buffer);
  });
});
