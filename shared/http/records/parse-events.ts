import { isUtf8 } from 'node:buffer';
import { ChasquiError, invalidField } from '../../contract/errors.ts';
import { LIMITS } from '../../contract/limits.ts';
import type { RecordInput } from '../../contract/record.ts';
import { JsonReader } from '../../lib/json-reader.ts';
import { OPEN_BRACKET } from '../../lib/json-scanner.ts';
import { parseContentType } from '../media-type.ts';
import type { EventPath } from './event-record.ts';
import { jsonFault } from './json-fault.ts';
import { type EventRequest, readBinaryEvent } from './read-binary-event.ts';
import { readEvent } from './read-event.ts';
import { refuseValue } from './read-field.ts';
import { fieldPath, notJson } from './record-fault.ts';

const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';
const ANY_CLOUDEVENTS = 'application/cloudevents';

/**
 * The records of a CloudEvents 1.0 request over HTTP, by its content type: structured, batch, and otherwise binary.
 * @throws {ChasquiError} `invalid_json`, `invalid_request`, `payload_too_large`, `unsupported_media_type`
 */
export function parseEvents(request: EventRequest): RecordInput[] {
  const { type, charset } = parseContentType(request.contentType);
  if (!type.startsWith(ANY_CLOUDEVENTS)) return [readBinaryEvent(request)];
  if ((type !== STRUCTURED && type !== BATCH) || (charset !== undefined && charset !== 'utf-8')) {
    throw new ChasquiError(
      'unsupported_media_type',
      `Structured events are taken as ${STRUCTURED} or ${BATCH}, in UTF-8.`,
    );
  }
  return readStructured(request.body, type === BATCH ? readBatch : readOne);
}

function readStructured(body: Buffer, read: (reader: JsonReader) => RecordInput[]): RecordInput[] {
  if (!isUtf8(body)) throw notJson('is not valid UTF-8');
  const reader = new JsonReader(body);
  try {
    const records = read(reader);
    reader.finish();
    return records;
  } catch (error) {
    throw jsonFault(error, body, 0, body.length);
  }
}

function readOne(reader: JsonReader): RecordInput[] {
  return [readEvent(reader, (name) => (name === undefined ? 'event' : fieldPath('', name)))];
}

function readBatch(reader: JsonReader): RecordInput[] {
  if (reader.peek() !== OPEN_BRACKET) refuseValue(reader, 'body', 'must be an array of events');
  const records: RecordInput[] = [];
  const path: EventPath = (name) => {
    const event = `events[${records.length}]`;
    return name === undefined ? event : fieldPath(event, name);
  };
  reader.enter(OPEN_BRACKET);
  while (reader.nextElement()) {
    if (records.length === LIMITS.recordsPerRequest) throw wrongCount();
    records.push(readEvent(reader, path));
  }
  if (records.length === 0) throw wrongCount();
  return records;
}

const wrongCount = (): ChasquiError => invalidField('events', `must be 1 to ${LIMITS.recordsPerRequest}`);
