import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordHead } from '../../../../shared/http/records/record-head.ts';
import { ByteOutput } from '../../../../shared/lib/byte-output.ts';
import { check } from '../../../support/check.ts';

const near = (...values: number[]) =>
  fc.oneof(...values.map((value) => fc.integer({ min: value - 3, max: value + 3 })), fc.maxSafeNat());

describe('RecordHead', () => {
  it('writes each record as if it were the only one', () => {
    const step = fc.record({
      offset: near(3, 10, 1000, 9_999_999),
      partition: fc.constantFrom(-1, 0, 7, 1023),
      timestamp: near(0, 1_760_000_000_000, 999_999, 10_000_000),
      repeats: fc.integer({ min: 1, max: 4 }),
      toValue: fc.boolean(),
    });
    check(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const head = new RecordHead();
        for (const { offset, partition, timestamp, repeats, toValue } of steps) {
          for (let more = 0; more < repeats; more++) {
            const out = new ByteOutput();
            head.write(out, offset + more, partition, timestamp, toValue);
            const shown = partition === -1 ? { offset, timestamp } : { offset, partition, timestamp };
            const whole = toValue
              ? { ...shown, offset: offset + more, key: null, value: 1 }
              : { ...shown, offset: offset + more };
            expect(`${out.written()}${toValue ? 1 : ''}}`).toBe(JSON.stringify(whole));
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
