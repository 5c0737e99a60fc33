import * as fc from 'fast-check';
import { type RecordHeader, VALUE_FORMATS } from '../../shared/contract/record.ts';
import { RecordCursor } from '../../shared/log/record-batch/cursor.ts';
import type { StampedRecord } from '../../shared/log/record-batch/encode-batch.ts';
import { openBatches } from '../../shared/log/record-batch/open-batches.ts';

export const record = (fields: Partial<StampedRecord> = {}): StampedRecord => ({
  key: null,
  value: Buffer.from('value'),
  valueFormat: VALUE_FORMATS.text,
  headers: [],
  timestamp: 1_760_000_000_000,
  ...fields,
});

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const header: fc.Arbitrary<RecordHeader> = fc.record({
  // Not a name that JavaScript's objects treat specially: kafkajs keeps headers in an object.
  name: fc.string({ unit: 'grapheme', maxLength: 20 }).map((name) => `h${name}`),
  value: bytes(40),
});

export const records: fc.Arbitrary<StampedRecord[]> = fc.array(
  fc.record({
    key: fc.option(bytes(100)),
    value: fc.option(bytes(3000)),
    valueFormat: fc.constantFrom(...Object.values(VALUE_FORMATS)),
    headers: fc.uniqueArray(header, { maxLength: 5, selector: ({ name }) => name }),
    timestamp: fc.oneof(
      fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
      fc.integer({ min: 1.7e12, max: 1.7e12 + 5000 }),
    ),
  }),
  { minLength: 1, maxLength: 30 },
);

/** Every record of stored bytes, through the cursor. */
export function readBack(stored: Uint8Array): StampedRecord[] {
  return openBatches(stored).flatMap((batch) => {
    const cursor = new RecordCursor(batch);
    const found: StampedRecord[] = [];
    while (cursor.next()) found.push(recordAt(cursor));
    return found;
  });
}

function recordAt(cursor: RecordCursor): StampedRecord {
  const slice = (start: number, end: number): Buffer => Buffer.from(cursor.bytes.subarray(start, end));
  const headers: RecordHeader[] = [];
  cursor.forEachHeader((nameStart, nameEnd, valueStart, valueEnd) => {
    headers.push({ name: slice(nameStart, nameEnd).toString(), value: slice(valueStart, valueEnd) });
  });
  return {
    key: cursor.keyStart === -1 ? null : slice(cursor.keyStart, cursor.keyEnd),
    value: cursor.valueStart === -1 ? null : slice(cursor.valueStart, cursor.valueEnd),
    valueFormat: cursor.valueFormat,
    headers,
    timestamp: cursor.timestamp,
  };
}
