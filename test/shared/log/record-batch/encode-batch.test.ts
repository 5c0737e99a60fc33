import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchBytes, encodeBatch, writeBatch } from '../../../../shared/log/record-batch/encode-batch.ts';
import { readBack, record, records } from '../../../support/batches.ts';
import { check, checkAsync } from '../../../support/check.ts';
import { type KafkajsDecoded, kafkajsDecode } from '../../../support/kafkajs.ts';

const headersOf = (decoded: KafkajsDecoded) => decoded.records.map(({ headers }) => headers);

describe('encodeBatch', () => {
  it.each(['none', 'gzip'] as const)('is read by kafkajs as it was meant (%s)', async (codec) => {
    await checkAsync(
      fc.asyncProperty(records, async (given) => {
        const decoded = await kafkajsDecode(encodeBatch(given, codec));
        expect(decoded).toMatchObject({ firstOffset: '0', lastOffsetDelta: given.length - 1, producerId: '-1' });
        expect(decoded.maxTimestamp).toBe(String(Math.max(...given.map(({ timestamp }) => timestamp))));
        expect(decoded.records.map(({ key, value }) => ({ key, value }))).toEqual(
          given.map(({ key, value }) => ({ key, value })),
        );
        expect(decoded.records.map(({ timestamp }) => timestamp)).toEqual(
          given.map(({ timestamp }) => String(timestamp)),
        );
        expect(decoded.records.map(({ offset }) => offset)).toEqual(given.map((_, delta) => String(delta)));
        expect(headersOf(decoded)).toEqual(
          given.map(({ headers }) => Object.fromEntries(headers.map(({ name, value }) => [name, value]))),
        );
      }),
      { numRuns: 60 },
    );
  });

  it.each(['none', 'gzip'] as const)('is read by ourselves as it was meant, formats and all (%s)', (codec) => {
    check(
      fc.property(records, (given) => {
        expect(readBack(encodeBatch(given, codec))).toEqual(given);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps two headers of one name, in their order', () => {
    const twice = record({ headers: ['1', '2'].map((value) => ({ name: 'h', value: Buffer.from(value) })) });
    expect(readBack(encodeBatch([twice]))).toEqual([twice]);
  });
});

describe('writeBatch', () => {
  it('writes exactly as much as batchBytes said, and nothing around it', () => {
    check(
      fc.property(records, (given) => {
        const size = batchBytes(given);
        const target = Buffer.alloc(size + 20, 0xee);
        expect(writeBatch(target, 10, given)).toBe(10 + size);
        expect(target.subarray(0, 10)).toEqual(Buffer.alloc(10, 0xee));
        expect(target.subarray(10 + size)).toEqual(Buffer.alloc(10, 0xee));
        expect(target.subarray(10, 10 + size)).toEqual(encodeBatch(given));
      }),
      { numRuns: 60 },
    );
  });
});
