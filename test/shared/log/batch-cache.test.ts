import { describe, expect, it } from 'vitest';
import { BufferPool } from '../../../shared/lib/buffer-pool.ts';
import { BatchCache, type OpenedSlices } from '../../../shared/log/batch-cache.ts';
import { encodeBatch } from '../../../shared/log/record-batch/encode-batch.ts';
import { type BlobSlice, BlobUnreadableError } from '../../../shared/ports/blob-store.ts';
import { record } from '../../support/batches.ts';
import { ACME } from '../../support/index-fixtures.ts';

const VALUE_BYTES = 100_000;
const BUDGET_BYTES = 2.5 * VALUE_BYTES;

/** Blobs `a`, `b`, … of one record each, whose value is that letter many times over. */
const batchOf = (letter: string): Buffer => encodeBatch([record({ value: Buffer.alloc(VALUE_BYTES, letter) })]);

const sliceOf = (id: string): BlobSlice => ({
  blob: { kind: 'memory', id, zones: 0 },
  position: 0,
  length: batchOf(id).length,
});

const createCache = () => {
  const reads: string[] = [];
  const blocks = new Set<ArrayBufferLike>();
  const pool = new BufferPool(10 * VALUE_BYTES);
  const cache = new BatchCache(
    {
      read: async (_tenant, slices, allocate) =>
        slices.map(({ blob: { id }, length }) => {
          reads.push(id);
          if (id === 'x') throw new BlobUnreadableError('x');
          const memory = allocate!(length).subarray(0, length);
          blocks.add(memory.buffer);
          batchOf(id).copy(memory);
          return memory;
        }),
    },
    BUDGET_BYTES,
    pool,
  );
  return { reads, blocks, load: (...ids: string[]) => cache.load(ACME, ids.map(sliceOf)) };
};

const lettersOf = ({ batches }: OpenedSlices): string =>
  batches.map((opened) => [...new Set(opened[0]!.records.toString('latin1').slice(100, -100))].join('')).join(' ');

describe('BatchCache', () => {
  it('reads a slice once, however often it is asked for', async () => {
    const { reads, load } = createCache();
    for (let n = 0; n < 3; n++) expect(lettersOf(await load('a', 'b'))).toBe('a b');
    expect(reads).toEqual(['a', 'b']);
  });

  it('uses the memory of what it forgot again, once nobody looks at it', async () => {
    const { blocks, load } = createCache();
    for (const id of 'abcdefghijklmnop') (await load(id)).release();
    expect(blocks.size).toBeLessThanOrEqual(4);
  });

  it('never changes what somebody still looks at', async () => {
    const { load } = createCache();
    const held = await load('a', 'b');
    const again = await load('a');
    held.release();
    held.release();
    for (const id of 'cdefgh') (await load(id)).release();
    expect(lettersOf(again)).toBe('a');
    const unreleased = await load('a');
    for (const id of 'cdefgh') (await load(id)).release();
    expect(lettersOf(again)).toBe('a');
    expect(lettersOf(unreleased)).toBe('a');
  });

  it('gives back what it has found when the rest cannot be read', async () => {
    const { reads, blocks, load } = createCache();
    (await load('a')).release();
    await expect(load('a', 'x')).rejects.toBeInstanceOf(BlobUnreadableError);
    for (const id of 'bcdefgh') (await load(id)).release();
    expect(reads.filter((id) => id === 'a')).toHaveLength(1);
    expect(blocks.size).toBeLessThanOrEqual(3);
  });

  it('serves two who miss the same slice at once', async () => {
    const { load } = createCache();
    const [first, second] = await Promise.all([load('a'), load('a')]);
    first!.release();
    for (const id of 'bcdef') (await load(id)).release();
    expect(lettersOf(second!)).toBe('a');
  });
});
