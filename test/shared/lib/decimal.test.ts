import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecimalField, digitCount, writeDigits } from '../../../shared/lib/decimal.ts';
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

  it('writes one number over another that has as many digits', () => {
    const steps = fc.array(fc.oneof(fc.integer({ min: -12, max: 12 }), fc.integer({ min: -1e7, max: 1e7 })), {
      maxLength: 30,
    });
    check(
      fc.property(fc.oneof(fc.maxSafeNat(), fc.nat(200_000)), steps, (start, changes) => {
        const target = Buffer.from(`<${start}>`);
        const field = new DecimalField(target, target.length - 1, start);
        let value = start;
        for (const change of changes) {
          const next = value + change;
          expect(field.fits(next)).toBe(next >= 0 && digitCount(next) === digitCount(start));
          if (!field.fits(next)) continue;
          field.write(next);
          value = next;
          expect(target.toString()).toBe(`<${value}>`);
        }
      }),
    );
  });
});
