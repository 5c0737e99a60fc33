import { isUtf8 } from 'node:buffer';
import { LIMITS } from '../../contract/limits.ts';
import type { RecordInput } from '../../contract/record.ts';
import { JsonReader } from '../../lib/json-reader.ts';
import { jsonFault } from './json-fault.ts';
import type { Path } from './read-field.ts';
import { readRecord } from './read-record.ts';
import { notJson, recordPath, wrongCount } from './record-fault.ts';

const LINE_FEED = 0x0a;

/**
 * The records of a body with one Record a line (contract section 4). Blank lines do not count, nor does a carriage return at a line's
 * end. Values are views into the body.
 * @throws {ChasquiError} `invalid_json`, `invalid_request`, `payload_too_large`, naming the record.
 */
export function parseNdjsonRecords(body: Buffer): RecordInput[] {
  const valid = isUtf8(body);
  const records: RecordInput[] = [];
  const path = (): string => recordPath(records.length);
  for (let start = 0; start < body.length; ) {
    const end = lineEnd(body, start);
    const reader = new JsonReader(body, start, end);
    if (reader.peek() !== -1) {
      if (!valid && !isUtf8(body.subarray(start, end))) throw notJson('is not valid UTF-8', path());
      if (records.length === LIMITS.recordsPerRequest) throw wrongCount('records');
      records.push(readLine(reader, start, path));
    }
    start = end + 1;
  }
  if (records.length === 0) throw wrongCount('records');
  return records;
}

function lineEnd(body: Buffer, start: number): number {
  const at = body.indexOf(LINE_FEED, start);
  return at === -1 ? body.length : at;
}

function readLine(reader: JsonReader, start: number, path: Path): RecordInput {
  try {
    const record = readRecord(reader, path);
    reader.finish();
    return record;
  } catch (error) {
    throw jsonFault(error, reader.bytes, start, reader.end, path());
  }
}
