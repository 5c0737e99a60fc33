import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../../../shared/lib/crc32c.ts';
import { BatchDamagedError } from '../../../../shared/log/record-batch/batch-damaged-error.ts';
import { encodeBatch } from '../../../../shared/log/record-batch/encode-batch.ts';
import { openBatches } from '../../../../shared/log/record-batch/open-batches.ts';
import { readBack, record, records } from '../../../support/batches.ts';
import { checkAsync } from '../../../support/check.ts';
import { kafkajsEncode, kafkajsLong } from '../../../support/kafkajs.ts';

const two = [
  record({ key: Buffer.from('k') }),
  record({ value: null, headers: [{ name: 'h', value: Buffer.from('v') }] }),
];

/** A batch that has been changed on purpose, with a checksum to match. */
function forged(change: (batch: Buffer) => Buffer | undefined, given = encodeBatch(two)): Buffer {
  const batch = change(given) ?? given;
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeUInt32BE(crc32c(batch, 21), 17);
  return batch;
}

describe('openBatches', () => {
  it.each([0, 1])('reads what kafkajs writes (compression %i)', async (compression) => {
    await checkAsync(
      fc.asyncProperty(records, async (given) => {
        const times = given.map(({ timestamp }) => timestamp);
        const batch = await kafkajsEncode({
          firstTimestamp: times[0]!,
          maxTimestamp: Math.max(...times),
          compression,
          records: given.map((one, offsetDelta) => ({
            offsetDelta,
            timestampDelta: kafkajsLong(one.timestamp - times[0]!),
            key: one.key && Buffer.from(one.key),
            value: one.value && Buffer.from(one.value),
            headers: Object.fromEntries(one.headers.map(({ name, value }) => [name, Buffer.from(value)])),
          })),
        });
        expect(readBack(batch)).toEqual(given.map((one) => ({ ...one, valueFormat: 0 })));
      }),
      { numRuns: 60 },
    );
  });

  it('reads batches back to back, each with its own codec', () => {
    const given = [two, [record()], two];
    const bytes = Buffer.concat([encodeBatch(given[0]!), encodeBatch(given[1]!, 'gzip'), encodeBatch(given[2]!)]);
    expect(openBatches(bytes).map(({ count }) => count)).toEqual([2, 1, 2]);
    expect(readBack(bytes)).toEqual(given.flat());
  });

  it('takes the batch’s time for every record where the broker stamped it', () => {
    const batch = forged((bytes) => {
      bytes.writeInt16BE(8, 21);
      bytes.writeBigInt64BE(123n, 35);
      return undefined;
    });
    expect(readBack(batch).map(({ timestamp }) => timestamp)).toEqual([123, 123]);
  });

  it('says where the damage is', () => {
    const batch = encodeBatch(two);
    const bytes = Buffer.concat([batch, batch]);
    bytes[batch.length + 61]! ^= 1;
    expect(() => openBatches(bytes)).toThrow(`Record batch damaged at byte ${batch.length + 17}: checksum mismatch.`);
  });

  it.each<[string, (batch: Buffer) => Buffer | undefined, string]>([
    ['a codec that nobody knows', (b) => void b.writeInt16BE(5, 21), 'compression codec unknown not available'],
    ['a codec that is not built', (b) => void b.writeInt16BE(2, 21), 'compression codec snappy not available'],
    ['gzip that is none', (b) => void b.writeInt16BE(1, 21), 'gzip data does not decompress'],
    ['no records', (b) => void b.writeInt32BE(0, 57), 'impossible record count 0'],
    ['a negative count', (b) => void b.writeInt32BE(-1, 57), 'impossible record count -1'],
    ['a count beyond the bytes', (b) => void b.writeInt32BE(2 ** 31 - 1, 57), 'impossible record count'],
    ['deltas that do not fit the count', (b) => void b.writeInt32BE(2, 23), 'last offset delta'],
    ['a time beyond the safe range', (b) => void b.writeBigInt64BE(2n ** 60n, 27), 'timestamp out of range'],
    ['a magic of another version', (b) => void b.writeInt8(1, 16), 'not version 2'],
  ])('refuses %s, even with a right checksum', (_, change, reason) => {
    expect(() => openBatches(forged(change))).toThrow(BatchDamagedError);
    expect(() => openBatches(forged(change))).toThrow(reason);
  });

  it('does not blow up a small gzip without bound', () => {
    const megabyte = gzipSync(Buffer.alloc(1024 * 1024));
    const bomb = Buffer.concat(Array.from({ length: 65 }, () => megabyte));
    const batch = forged((bytes) => {
      bytes.writeInt16BE(1, 21);
      return Buffer.concat([bytes.subarray(0, 61), bomb]);
    });
    expect(() => openBatches(batch)).toThrow('does not decompress');
  });
});
