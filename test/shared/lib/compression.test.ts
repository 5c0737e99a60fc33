import * as zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { codecById, codecByName } from '../../../shared/lib/compression.ts';

const bytes = Buffer.alloc(10_000, 'knots ');

describe('compression', () => {
  it('has the codecs that Kafka numbers, and says which of them work here', () => {
    const codecs = [0, 1, 2, 3, 4].map((id) => codecById(id)!);
    expect(codecs.map(({ name }) => name)).toEqual(['none', 'gzip', 'snappy', 'lz4', 'zstd']);
    expect(codecs.map(({ available }) => available)).toEqual([true, true, false, false, 'zstdCompressSync' in zlib]);
    expect(codecById(5)).toBeUndefined();
  });

  it('gives back what it was given, in every codec that works here', () => {
    for (const codec of [0, 1, 2, 3, 4].map((id) => codecById(id)!)) {
      if (codec.available) expect(codec.decompress(codec.compress(bytes), bytes.length)).toEqual(bytes);
    }
  });

  it('stops at the bound', () => {
    const codec = codecByName('gzip');
    expect(() => codec.decompress(codec.compress(bytes), bytes.length - 1)).toThrow();
  });

  it('says so when a codec is not available', () => {
    expect(() => codecByName('snappy').compress(bytes)).toThrow('not available');
    expect(() => codecByName('lz4').decompress(bytes, 1)).toThrow('not available');
  });
});
