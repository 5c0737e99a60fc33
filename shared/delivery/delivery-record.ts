import type { ValueFormat } from '../contract/record.ts';
import type { RecordCursor } from '../log/record-batch/cursor.ts';
import type { RecordSink } from '../log/record-sink.ts';

export interface DeliveryHeader {
  readonly name: string;
  readonly value: Buffer;
}

/** A record on its way out. Its bytes are its own: the memory that it was read from serves others by then. */
export interface DeliveryRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly valueFormat: ValueFormat;
  readonly headers: readonly DeliveryHeader[];
  /** Key, value and headers together. */
  readonly bytes: number;
}

const NO_HEADERS: readonly DeliveryHeader[] = [];
const NO_BYTES = Buffer.alloc(0);

const headersOf = (cursor: RecordCursor, copy: (start: number, end: number) => Buffer): readonly DeliveryHeader[] => {
  if (cursor.headerCount === 0) return NO_HEADERS;
  const headers: DeliveryHeader[] = [];
  cursor.forEachHeader((nameStart, nameEnd, valueStart, valueEnd) => {
    const value = valueStart === -1 ? NO_BYTES : copy(valueStart, valueEnd);
    headers.push({ name: cursor.bytes.toString('utf8', nameStart, nameEnd), value });
  });
  return headers;
};

/** Copies a record as it is read: one block for all of it. */
const copyOf = (cursor: RecordCursor, offset: number): DeliveryRecord => {
  const { bytes, keyStart, keyEnd, valueStart, valueEnd, timestamp, valueFormat, recordBytes } = cursor;
  const block = Buffer.allocUnsafe(recordBytes);
  let at = 0;
  const copy = (start: number, end: number): Buffer => {
    const from = at;
    at += bytes.copy(block, from, start, end);
    return block.subarray(from, at);
  };
  return {
    offset,
    timestamp,
    key: keyStart === -1 ? null : copy(keyStart, keyEnd),
    value: valueStart === -1 ? null : copy(valueStart, valueEnd),
    valueFormat,
    headers: headersOf(cursor, copy),
    bytes: recordBytes,
  };
};

/** Takes records as they are read. */
export class RecordCollector implements RecordSink {
  readonly records: DeliveryRecord[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  add(cursor: RecordCursor, offset: number): void {
    const record = copyOf(cursor, offset);
    this.records.push(record);
    // At least one each, since a sink without bytes is one without records.
    this.#bytes += record.bytes + 1;
  }

  undo(): void {
    const last = this.records.pop();
    if (last !== undefined) this.#bytes -= last.bytes + 1;
  }
}
