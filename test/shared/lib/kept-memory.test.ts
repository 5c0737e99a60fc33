import { describe, expect, it } from 'vitest';
import { BufferPool } from '../../../shared/lib/buffer-pool.ts';
import { KeptMemory } from '../../../shared/lib/kept-memory.ts';

const SIZE = 64 * 1024;

const opened = (blocks: number) => {
  const pool = new BufferPool(16 * SIZE);
  const kept = new KeptMemory<number>(blocks * SIZE, pool);
  const keep = (...names: string[]) => {
    const memory = pool.take(SIZE);
    return kept.keep(memory, new Map(names.map((name, at) => [name, at])), 1, SIZE);
  };
  return { pool, kept, keep };
};

describe('KeptMemory', () => {
  it('finds the parts of what is kept', () => {
    const { kept, keep } = opened(2);
    const block = keep('a', 'b');
    expect(kept.find('b')).toEqual({ part: 1, block });
    expect([kept.has('a'), kept.has('c'), kept.find('c')]).toEqual([true, false, undefined]);
  });

  it('forgets the block that was not looked at for longest, with all its parts', () => {
    const { kept, keep } = opened(2);
    keep('a', 'b');
    keep('c');
    kept.find('b');
    keep('d');
    expect(['a', 'b', 'c', 'd'].map((name) => kept.has(name))).toEqual([true, true, false, true]);
  });

  it('gives memory back when it is forgotten and nobody looks at it, not before', () => {
    const { pool, kept, keep } = opened(1);
    const block = keep('a');
    const found = kept.find('a')!;
    keep('b');
    expect([kept.has('a'), pool.lent(block.memory)]).toEqual([false, true]);
    kept.release(block);
    expect(pool.lent(block.memory)).toBe(true);
    kept.release(found.block);
    expect(pool.lent(block.memory)).toBe(false);
  });

  it('keeps the memory of what is still looked for, however often it is released', () => {
    const { pool, kept, keep } = opened(1);
    const block = keep('a');
    kept.release(block);
    expect([pool.lent(block.memory), kept.has('a')]).toEqual([true, true]);
  });

  it('keeps nothing that is larger than everything, and gives it back behind its last reader', () => {
    const { pool, kept } = opened(1);
    const memory = pool.take(2 * SIZE);
    const block = kept.keep(memory, new Map([['large', 0]]), 1, 2 * SIZE);
    expect([kept.has('large'), pool.lent(memory)]).toEqual([false, true]);
    kept.release(block);
    expect(pool.lent(memory)).toBe(false);
  });

  it('lets a part that comes again stand in the newer block', () => {
    const { kept, keep } = opened(3);
    const older = keep('x', 'a');
    const newer = keep('y', 'a');
    expect(kept.find('a')?.block).toBe(newer);
    kept.release(older);
    expect(kept.find('x')?.block).toBe(older);
  });
});
