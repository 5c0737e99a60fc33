import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordHead } from '../../../../shared/http/records/record-head.ts';
import { ByteOutput } from '../../../../shared/lib/byte-output.ts';
import { check } from '../../../support/check.ts';

const near = (...values: number[]) =>
  fc.oneof(...values.map((value) => fc.integer({ min: value - 3, max: value + 3 })), fc.maxSafeNat());

interface Head {
  readonly offset: number;
  readonly partition: number;
  readonly timestamp: number;
  readonly toValue: boolean;
}

/** Ended so that it is JSON. */
const written = (head: RecordHead, { offset, partition, timestamp, toValue }: Head): string => {
  const out = new ByteOutput();
  head.write(out, offset, partition, timestamp, toValue);
  return `${out.written()}${toValue ? 1 : ''}}`;
};

const expected = ({ offset, partition, timestamp, toValue }: Head): string =>
  JSON.stringify({
    offset,
    ...(partition === -1 ? {} : { partition }),
    timestamp,
    ...(toValue ? { key: null, value: 1 } : {}),
  });

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
        for (const { repeats, ...first } of steps) {
          for (let more = 0; more < repeats; more++) {
            const next = { ...first, offset: first.offset + more };
            expect(written(head, next)).toBe(expected(next));
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
