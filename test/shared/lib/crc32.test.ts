import { crc32 as zlibCrc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../shared/lib/crc32.ts';
import { check } from '../../support/check.ts';

describe('crc32', () => {
  it('is what zlib says, of some bytes or text, from any sum on', () => {
    check(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 3000 }),
        fc.string({ minLength: 1 }),
        fc.nat(2 ** 32 - 1),
        (bytes, text, seed) => {
          expect([crc32(bytes), crc32(bytes, seed)]).toEqual([zlibCrc32(bytes), zlibCrc32(bytes, seed)]);
          expect(crc32(text, seed)).toBe(zlibCrc32(text, seed));
        },
      ),
    );
  });
});
