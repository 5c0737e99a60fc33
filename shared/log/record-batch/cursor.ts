import type { ValueFormat } from '../../contract/record.ts';
import { VALUE_FORMATS } from '../../contract/record.ts';
import { VarintReader } from '../../lib/varint.ts';
import { BatchDamagedError } from './batch-damaged-error.ts';
import type { OpenBatch } from './open-batches.ts';

/** Positions in the cursor's `bytes`; -1 for a null value. */
export type HeaderVisitor = (nameStart: number, nameEnd: number, valueStart: number, valueEnd: number) => void;

/**
 * Walks a batch without an object per record: after `next()` has said true, the fields tell of the record it stands on.
 * Every position is checked against the record's own length, and that against the batch.
 */
export class RecordCursor {
  /** What all positions point into. */
  readonly bytes: Buffer;
  offsetDelta = -1;
  /** Milliseconds since the epoch. */
  timestamp = 0;
  valueFormat: ValueFormat = VALUE_FORMATS.unknown;
  /** -1, as `keyEnd`: no key. */
  keyStart = -1;
  keyEnd = -1;
  /** -1, as `valueEnd`: a tombstone. */
  valueStart = -1;
  valueEnd = -1;
  headerCount = 0;
  /** Key, value and headers together. */
  recordBytes = 0;

  readonly #batch: OpenBatch;
  readonly #reader: VarintReader;
  #headersStart = 0;
  #end = 0;

  constructor(batch: OpenBatch) {
    this.#batch = batch;
    this.bytes = batch.records;
    this.#reader = new VarintReader(batch.records, damaged);
  }

  /** False when the last record has been passed. @throws {BatchDamagedError} */
  next(): boolean {
    if (this.offsetDelta + 1 >= this.#batch.count) {
      if (this.#end !== this.bytes.length) damaged(this.#end, 'bytes behind the last record');
      return false;
    }
    this.#readRecord(this.#end);
    return true;
  }

  /** Of the record it stands on, in their order. */
  forEachHeader(visit: HeaderVisitor): void {
    const reader = this.#reader;
    reader.at = this.#headersStart;
    for (let left = this.headerCount; left > 0; left--) {
      const nameStart = this.#span();
      const nameEnd = reader.at;
      const valueStart = this.#span();
      visit(nameStart, nameEnd, valueStart, valueStart === -1 ? -1 : reader.at);
    }
  }

  #readRecord(start: number): void {
    const reader = this.#reader;
    const batch = this.#batch;
    reader.at = start;
    const length = reader.read32();
    if (length < 0 || length > this.bytes.length - reader.at) damaged(start, 'impossible record length');
    this.#end = reader.at + length;
    this.valueFormat = formatOf(this.bytes[reader.at]);
    reader.at++;
    const timestampDelta = reader.readSafe();
    this.timestamp = batch.logAppendTime ? batch.maxTimestamp : batch.baseTimestamp + timestampDelta;
    const delta = reader.read32();
    if (delta !== this.offsetDelta + 1) damaged(start, `offset delta ${delta} where ${this.offsetDelta + 1} belongs`);
    this.offsetDelta = delta;
    this.keyStart = this.#span();
    this.keyEnd = this.keyStart === -1 ? -1 : reader.at;
    this.valueStart = this.#span();
    this.valueEnd = this.valueStart === -1 ? -1 : reader.at;
    this.#readHeaders();
  }

  /** Checks the headers, so that a walk over them cannot fail. */
  #readHeaders(): void {
    const reader = this.#reader;
    const start = reader.at;
    const count = reader.read32();
    this.#headersStart = reader.at;
    this.headerCount = count;
    let bytes = this.keyEnd - this.keyStart + (this.valueEnd - this.valueStart);
    if (count < 0 || count > this.#end - start) damaged(start, 'impossible header count');
    for (let left = count; left > 0; left--) {
      const nameStart = this.#span();
      if (nameStart === -1) damaged(reader.at, 'a header without a name');
      bytes += reader.at - nameStart;
      const valueStart = this.#span();
      if (valueStart !== -1) bytes += reader.at - valueStart;
    }
    if (reader.at !== this.#end) damaged(reader.at, 'a record that is longer or shorter than its length');
    this.recordBytes = bytes;
  }

  /** Passes a length and that many bytes; answers where they start, -1 for a null. */
  #span(): number {
    const reader = this.#reader;
    const length = reader.read32();
    if (length === -1) return -1;
    const start = reader.at;
    if (length < -1 || length > this.#end - start) damaged(start, 'a field that is longer than its record');
    reader.at = start + length;
    return start;
  }
}

/** A batch from elsewhere may have anything in this byte; Kafka says that it is unused. */
function formatOf(attributes: number | undefined): ValueFormat {
  return attributes === VALUE_FORMATS.json || attributes === VALUE_FORMATS.text ? attributes : VALUE_FORMATS.unknown;
}

function damaged(at: number, reason: string): never {
  throw new BatchDamagedError(at, `${reason}, counted from the first record`);
}
