import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchDamagedError } from '../../../../shared/log/record-batch/batch-damaged-error.ts';
import { RecordCursor } from '../../../../shared/log/record-batch/cursor.ts';
import { encodeBatch } from '../../../../shared/log/record-batch/encode-batch.ts';
import { type OpenBatch, openBatches } from '../../../../shared/log/record-batch/open-batches.ts';
import { record, records } from '../../../support/batches.ts';
import { check } from '../../../support/check.ts';

const batchOf = (bytes: readonly number[], count = 1): OpenBatch => ({
  records: Buffer.from(bytes),
  count,
  baseTimestamp: 1000,
  maxTimestamp: 1000,
  logAppendTime: false,
  bytes: bytes.length,
});

function walk(batch: OpenBatch): number {
  const cursor = new RecordCursor(batch);
  let given = 0;
  while (cursor.next()) {
    given++;
    cursor.forEachHeader(() => undefined);
  }
  return given;
}

/** Length 6 (twice 12), no attributes, time 0, offset 0, no key, no value, no headers. */
const EMPTY = [12, 0, 0, 0, 1, 1, 0];

describe('RecordCursor', () => {
  it('tells null from empty', () => {
    const given = [record({ key: null, value: Buffer.alloc(0) }), record({ key: Buffer.alloc(0), value: null })];
    const cursor = new RecordCursor(openBatches(encodeBatch(given))[0]!);
    cursor.next();
    expect([cursor.keyStart, cursor.keyEnd, cursor.valueEnd - cursor.valueStart]).toEqual([-1, -1, 0]);
    expect(cursor.valueStart).toBeGreaterThan(0);
    cursor.next();
    expect([cursor.valueStart, cursor.valueEnd, cursor.keyEnd - cursor.keyStart]).toEqual([-1, -1, 0]);
    expect(cursor.next()).toBe(false);
    expect(cursor.next()).toBe(false);
  });

  it('counts key, value and headers', () => {
    const headers = [{ name: 'é', value: Buffer.from('abc') }];
    const cursor = new RecordCursor(openBatches(encodeBatch([record({ key: Buffer.from('kk'), headers })]))[0]!);
    cursor.next();
    expect(cursor.recordBytes).toBe(2 + 5 + 2 + 3);
  });

  it('shows a header without a value as null, as Kafka has it', () => {
    const cursor = new RecordCursor(batchOf([18, 0, 0, 0, 1, 1, 2, 2, 0x68, 1]));
    expect(cursor.next()).toBe(true);
    const seen: number[][] = [];
    cursor.forEachHeader((...positions) => seen.push(positions));
    expect(seen).toEqual([[8, 9, -1, -1]]);
    expect(cursor.next()).toBe(false);
  });

  it('takes attributes that it does not know for an unknown format', () => {
    const cursor = new RecordCursor(batchOf(EMPTY.with(1, 77)));
    cursor.next();
    expect(cursor.valueFormat).toBe(0);
  });

  it.each<[string, readonly number[], number, string]>([
    ['fewer records than counted', EMPTY, 2, 'cut off'],
    ['more records than counted', [...EMPTY, ...EMPTY], 1, 'bytes behind the last record'],
    ['a record of negative length', EMPTY.with(0, 1), 1, 'impossible record length'],
    ['a record beyond the batch', EMPTY.with(0, 100), 1, 'impossible record length'],
    ['a record shorter than its fields', EMPTY.with(0, 10).slice(0, 6), 1, 'cut off'],
    ['a record longer than its fields', [14, ...EMPTY.slice(1), 0], 1, 'longer or shorter'],
    ['an offset out of turn', EMPTY.with(3, 2), 1, 'offset delta 1 where 0 belongs'],
    ['a key beyond its record', EMPTY.with(4, 20), 1, 'longer than its record'],
    ['a key of length -2', EMPTY.with(4, 3), 1, 'longer than its record'],
    ['a header count below zero', EMPTY.with(6, 1), 1, 'impossible header count'],
    ['a header count beyond the bytes', EMPTY.with(6, 126), 1, 'impossible header count'],
    ['a header without a name', [16, 0, 0, 0, 1, 1, 2, 1, 1], 1, 'without a name'],
  ])('refuses %s', (_, bytes, count, reason) => {
    expect(() => walk(batchOf(bytes, count))).toThrow(BatchDamagedError);
    expect(() => walk(batchOf(bytes, count))).toThrow(reason);
  });

  it('never crashes, hangs or reads outside on records of any bytes', () => {
    const damage = fc.tuple(fc.nat(), fc.nat(255));
    check(
      fc.property(records, fc.array(damage, { minLength: 1, maxLength: 4 }), (given, damages) => {
        const [batch] = openBatches(encodeBatch(given));
        const bytes = Buffer.from(batch!.records);
        for (const [place, byte] of damages) bytes[place % bytes.length] = byte;
        try {
          expect(walk({ ...batch!, records: bytes })).toBe(given.length);
        } catch (error) {
          expect(error).toBeInstanceOf(BatchDamagedError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
