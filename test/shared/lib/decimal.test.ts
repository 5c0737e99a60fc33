import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digitCount, writeDigits } from '../../../shared/lib/decimal.ts';
import { check } from '../../support/check.ts';

const EDGES = [0, 9, 10, 999_999, 1_000_000, 9_999_999, 10_000_000, 999_999_999_999, Number.MAX_SAFE_INTEGER];

describe('decimal', () => {
  it('writes any safe whole number', () => {
    const numbers = fc.oneof(fc.maxSafeNat(), fc.nat(), fc.constantFrom(...EDGES));
    check(
      fc.property(numbers, fc.nat(3), (value, before) => {
        const count = digitCount(value);
        const target = Buffer.alloc(before + count + 2, '-');
        writeDigits(target, before + count, count, value);
        expect(target.toString()).toBe(`${'-'.repeat(before)}${value}--`);
      }),
      { numRuns: 500 },
    );
  });
});
