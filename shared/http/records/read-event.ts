import { ChasquiError, invalidField } from '../../contract/errors.ts';
import { LIMITS } from '../../contract/limits.ts';
import { type RecordInput, VALUE_FORMATS } from '../../contract/record.ts';
import type { JsonReader } from '../../lib/json-reader.ts';
import { OPEN_BRACE, QUOTE } from '../../lib/json-scanner.ts';
import { parseContentType } from '../media-type.ts';
import { checkAttributeName, type EventPath, recordOfEvent } from './event-record.ts';
import { readBase64, refuseValue } from './read-field.ts';
import { formatOfBody, isJsonType } from './value-format.ts';

/** Where the payload is, in the text; -1: there is none of this kind. */
interface Payload {
  start: number;
  end: number;
  base64: Buffer | undefined;
}

const INTEGER = /^-?(?:0|[1-9]\d{0,15})$/;
const TEXT_ATTRIBUTES: ReadonlySet<string> = new Set([
  'specversion',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'dataschema',
  'datacontenttype',
  'partitionkey',
]);
const NO_BYTES = Buffer.alloc(0);

/** Reads the event that comes next in CloudEvents' JSON format (1.0.2). JSON data stays as it came: a view into the text. */
export function readEvent(reader: JsonReader, path: EventPath): RecordInput {
  if (reader.peek() !== OPEN_BRACE) refuseValue(reader, path(), 'must be an object');
  const attributes = new Map<string, string>();
  const payload: Payload = { start: -1, end: -1, base64: undefined };
  const seen = new Set<string>();
  reader.enter(OPEN_BRACE);
  while (reader.nextField()) {
    const name = reader.name();
    if (seen.has(name)) throw invalidField(path(name), 'is given twice');
    seen.add(name);
    if (reader.skipNull()) continue;
    if (name === 'data') {
      payload.start = reader.at;
      payload.end = reader.skipValue(LIMITS.jsonDepth);
    } else if (name === 'data_base64') payload.base64 = readBase64(reader, () => path(name));
    else attributes.set(name, readAttribute(reader, name, path));
  }
  if (payload.start !== -1 && payload.base64)
    throw invalidField(path('data_base64'), 'cannot be given together with data');
  return recordOfEvent({ attributes, ...eventValue(reader.bytes, payload, attributes, path) }, path);
}

function readAttribute(reader: JsonReader, name: string, path: EventPath): string {
  checkAttributeName(name, path);
  if (reader.peek() === QUOTE) return reader.readString();
  if (TEXT_ATTRIBUTES.has(name)) refuseValue(reader, path(name), 'must be a string');
  const start = reader.at;
  const text = reader.bytes.toString('latin1', start, reader.skipValue(LIMITS.jsonDepth));
  if (text === 'true' || text === 'false' || INTEGER.test(text)) return text;
  throw invalidField(path(name), 'must be a string, an integer, true or false');
}

function eventValue(
  text: Buffer,
  { start, end, base64 }: Payload,
  attributes: Map<string, string>,
  path: EventPath,
): Pick<RecordInput, 'valueFormat'> & { readonly value: Buffer } {
  const contentType = attributes.get('datacontenttype');
  const type = mediaTypeOf(contentType, path);
  if (base64) return { value: base64, valueFormat: formatOfBody(base64, contentType) };
  // An event without data is not a tombstone: nobody meant to delete the key.
  if (start === -1) return { value: NO_BYTES, valueFormat: VALUE_FORMATS.text };
  if (type === '') attributes.set('datacontenttype', 'application/json');
  else if (text[start] === QUOTE && !isJsonType(type)) {
    const value = Buffer.from(JSON.parse(text.toString('utf8', start, end)) as string);
    return { value, valueFormat: VALUE_FORMATS.text };
  }
  return { value: text.subarray(start, end), valueFormat: VALUE_FORMATS.json };
}

/** Empty where none is given. */
function mediaTypeOf(contentType: string | undefined, path: EventPath): string {
  try {
    return parseContentType(contentType).type;
  } catch (cause) {
    if (cause instanceof ChasquiError) throw invalidField(path('datacontenttype'), 'must be a media type');
    throw cause;
  }
}
