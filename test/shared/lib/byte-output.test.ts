import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteOutput } from '../../../shared/lib/byte-output.ts';
import { check } from '../../support/check.ts';

describe('ByteOutput', () => {
  it('writes any safe integer in decimal', () => {
    const numbers = fc.oneof(
      fc.maxSafeInteger(),
      fc.integer(),
      fc.constantFrom(0, 9, 10, 999_999, 1_000_000, 10_000_000),
    );
    check(
      fc.property(fc.array(numbers, { maxLength: 20 }), (values) => {
        const out = new ByteOutput();
        for (const value of values) out.integer(value);
        expect(out.written().toString()).toBe(values.join(''));
      }),
      { numRuns: 300 },
    );
  });

  it('grows, and keeps what it has', () => {
    const out = new ByteOutput();
    const pieces = Array.from({ length: 300 }, (_, n) => Buffer.alloc(n * 7, n));
    for (const piece of pieces) {
      out.copy(piece, 0, piece.length);
      out.byte(0x2c);
      out.text('é');
    }
    const expected = Buffer.concat(pieces.flatMap((piece) => [piece, Buffer.from(',é')]));
    expect(out.written().equals(expected)).toBe(true);
  });
});
