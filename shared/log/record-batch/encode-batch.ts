import type { RecordHeader, RecordInput } from '../../contract/record.ts';
import { type CodecName, codecByName } from '../../lib/compression.ts';
import { varintBytes, writeVarint } from '../../lib/varint.ts';
import { RECORDS_AT } from './layout.ts';
import { sealBatch } from './seal-batch.ts';

/** A record whose time is settled. */
export interface StampedRecord extends RecordInput {
  /** Milliseconds since the epoch. */
  timestamp: number;
}

/** What `writeBatch` will write, exactly. There has to be a record. */
export function batchBytes(records: readonly StampedRecord[]): number {
  const baseTimestamp = records[0]!.timestamp;
  let bytes = RECORDS_AT;
  for (let delta = 0; delta < records.length; delta++) {
    const body = bodyBytes(records[delta]!, baseTimestamp, delta);
    bytes += varintBytes(body) + body;
  }
  return bytes;
}

/**
 * Writes one uncompressed Kafka RecordBatch v2 with base offset 0 and no producer; answers the position behind it. `target` has to
 * have `batchBytes(records)` left at `at`.
 */
export function writeBatch(target: Buffer, at: number, records: readonly StampedRecord[]): number {
  const end = writeRecords(target, at + RECORDS_AT, records);
  sealBatch(target, at, end, records, 0);
  return end;
}

/** One batch by itself, its records compressed if so asked. */
export function encodeBatch(records: readonly StampedRecord[], codecName: CodecName = 'none'): Buffer {
  const plain = Buffer.allocUnsafe(batchBytes(records));
  if (codecName === 'none') {
    writeBatch(plain, 0, records);
    return plain;
  }
  const codec = codecByName(codecName);
  writeRecords(plain, RECORDS_AT, records);
  const packed = codec.compress(plain.subarray(RECORDS_AT));
  const batch = Buffer.allocUnsafe(RECORDS_AT + packed.length);
  packed.copy(batch, RECORDS_AT);
  sealBatch(batch, 0, batch.length, records, codec.id);
  return batch;
}

function writeRecords(target: Buffer, start: number, records: readonly StampedRecord[]): number {
  const baseTimestamp = records[0]!.timestamp;
  let at = start;
  for (let delta = 0; delta < records.length; delta++) {
    const record = records[delta]!;
    at = writeVarint(target, at, bodyBytes(record, baseTimestamp, delta));
    target[at] = record.valueFormat;
    at = writeVarint(target, at + 1, record.timestamp - baseTimestamp);
    at = writeVarint(target, at, delta);
    at = writeBytes(target, at, record.key);
    at = writeBytes(target, at, record.value);
    at = writeHeaders(target, at, record.headers);
  }
  return at;
}

function bodyBytes(record: StampedRecord, baseTimestamp: number, delta: number): number {
  return (
    1 +
    varintBytes(record.timestamp - baseTimestamp) +
    varintBytes(delta) +
    fieldBytes(record.key) +
    fieldBytes(record.value) +
    headersBytes(record.headers)
  );
}

function fieldBytes(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : varintBytes(bytes.length) + bytes.length;
}

function headersBytes(headers: readonly RecordHeader[]): number {
  let bytes = varintBytes(headers.length);
  for (let n = 0; n < headers.length; n++) {
    const header = headers[n]!;
    const nameBytes = Buffer.byteLength(header.name);
    bytes += varintBytes(nameBytes) + nameBytes + fieldBytes(header.value);
  }
  return bytes;
}

function writeBytes(target: Buffer, at: number, bytes: Uint8Array | null): number {
  if (bytes === null) return writeVarint(target, at, -1);
  const start = writeVarint(target, at, bytes.length);
  target.set(bytes, start);
  return start + bytes.length;
}

function writeHeaders(target: Buffer, start: number, headers: readonly RecordHeader[]): number {
  let at = writeVarint(target, start, headers.length);
  for (let n = 0; n < headers.length; n++) {
    const header = headers[n]!;
    at = writeVarint(target, at, Buffer.byteLength(header.name));
    at += target.write(header.name, at);
    at = writeBytes(target, at, header.value);
  }
  return at;
}
