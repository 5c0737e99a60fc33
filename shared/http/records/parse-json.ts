import { isUtf8 } from 'node:buffer';
import { invalidField } from '../../contract/errors.ts';
import { LIMITS } from '../../contract/limits.ts';
import type { RecordInput } from '../../contract/record.ts';
import { JsonReader } from '../../lib/json-reader.ts';
import { OPEN_BRACE, OPEN_BRACKET } from '../../lib/json-scanner.ts';
import { ScanError } from '../../lib/scan-error.ts';
import { jsonFault } from './json-fault.ts';
import { refuseValue } from './read-field.ts';
import { readRecord } from './read-record.ts';
import { brokenJson, fieldPath, notJson, recordPath, wrongCount } from './record-fault.ts';

const FIELD_NAMES = [Buffer.from('records')];

/**
 * The records of a body `{"records": [Record, …]}` (contract section 4), in one scan. Values are views into the body.
 * @throws {ChasquiError} `invalid_json`, `invalid_request`, `payload_too_large`
 */
export function parseJsonRecords(body: Buffer): RecordInput[] {
  if (!isUtf8(body)) throw notJson('is not valid UTF-8');
  const records: RecordInput[] = [];
  try {
    readEnvelope(new JsonReader(body), records);
  } catch (error) {
    throw jsonFault(error, body, 0, body.length);
  }
  if (records.length === 0) throw wrongCount('records');
  return records;
}

function readEnvelope(reader: JsonReader, records: RecordInput[]): void {
  if (reader.peek() !== OPEN_BRACE) refuseValue(reader, 'body', 'must be an object {"records": […]}');
  let seen = false;
  reader.enter(OPEN_BRACE);
  while (reader.nextField()) {
    if (reader.nameAmong(FIELD_NAMES) === -1) {
      throw invalidField(fieldPath('', reader.name()), 'is not a field of this request');
    }
    if (seen) throw invalidField('records', 'is given twice');
    seen = true;
    if (!reader.skipNull()) readRecords(reader, records);
  }
  reader.finish();
}

function readRecords(reader: JsonReader, records: RecordInput[]): void {
  if (reader.peek() !== OPEN_BRACKET) refuseValue(reader, 'records', 'must be an array');
  const path = (): string => recordPath(records.length);
  reader.enter(OPEN_BRACKET);
  try {
    while (reader.nextElement()) {
      if (records.length === LIMITS.recordsPerRequest) throw wrongCount('records');
      records.push(readRecord(reader, path));
    }
  } catch (error) {
    throw error instanceof ScanError ? brokenJson(error, path()) : error;
  }
}
