import { isUtf8 } from 'node:buffer';
import { VALUE_FORMATS } from '../../contract/record.ts';
import type { ByteOutput } from '../../lib/byte-output.ts';
import { skipSpace } from '../../lib/json-scanner.ts';
import { CONTROL, ESCAPED, HIGH, marksOf, writeJsonText } from '../../lib/json-text.ts';
import type { RecordCursor } from '../../log/record-batch/cursor.ts';
import type { RecordHead } from './record-head.ts';
import { isJson } from './value-format.ts';

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const NO_KEY = ascii(',"key":null');
const KEY = ascii(',"key":');
const KEY_BASE64 = ascii(',"keyBase64":"');
const VALUE = ascii(',"value":');
const VALUE_BASE64 = ascii(',"valueBase64":"');
const NO_HEADERS = ascii(',"headers":{}}');
const HEADERS = ascii(',"headers":{');
const NULL = ascii('null');
const END = ascii('}}');
const COMMA = 0x2c;
const COLON = 0x3a;
const SPACE = 0x20;
const QUOTE = 0x22;

/**
 * Renders the record that the cursor stands on (contract section 5). A value's bytes go in as they are where they are JSON, which
 * was proved when they were produced, or is proved here where nobody knew. Partition -1 is not shown. The head is the same for all
 * records of an answer.
 */
export function renderRecord(
  out: ByteOutput,
  head: RecordHead,
  cursor: RecordCursor,
  offset: number,
  partition: number,
): void {
  const isPlain = isPlainJson(cursor);
  const isKeyless = cursor.keyStart === -1;
  head.write(out, offset, partition, cursor.timestamp, isPlain && isKeyless);
  if (isPlain) {
    // Most records, so the shortest way.
    if (!isKeyless) {
      renderKey(out, cursor);
      put(out, VALUE);
    }
    out.copy(cursor.bytes, cursor.valueStart, cursor.valueEnd);
  } else {
    renderKey(out, cursor);
    renderValue(out, cursor);
  }
  if (cursor.headerCount === 0) put(out, NO_HEADERS);
  else renderHeaders(out, cursor);
}

/** JSON that was proved when it came, and is not `null`: told by its first byte. */
function isPlainJson({ bytes, valueStart, valueFormat }: RecordCursor): boolean {
  return (
    valueFormat === VALUE_FORMATS.json &&
    valueStart !== -1 &&
    bytes[valueStart]! > SPACE &&
    bytes[valueStart] !== NULL[0]
  );
}

function put(out: ByteOutput, text: Buffer): void {
  out.copy(text, 0, text.length);
}

function renderKey(out: ByteOutput, { bytes, keyStart: start, keyEnd: end }: RecordCursor): void {
  if (start === -1) {
    put(out, NO_KEY);
    return;
  }
  const marks = marksOf(bytes, start, end);
  if ((marks & HIGH) !== 0 && !isUtf8(bytes.subarray(start, end))) {
    putBase64(out, KEY_BASE64, bytes, start, end);
    return;
  }
  put(out, KEY);
  writeJsonText(out, bytes, start, end, marks);
}

function renderValue(out: ByteOutput, cursor: RecordCursor): void {
  const { bytes, valueStart: start, valueEnd: end, valueFormat } = cursor;
  if (start === -1) {
    put(out, VALUE);
    put(out, NULL);
    return;
  }
  if (valueFormat === VALUE_FORMATS.text) {
    putText(out, bytes, start, end, ESCAPED);
  } else if (isJsonNull(bytes, start, end)) {
    // As a value `null` would look like a tombstone.
    putBase64(out, VALUE_BASE64, bytes, start, end);
  } else if (valueFormat === VALUE_FORMATS.json || isJson(bytes.subarray(start, end))) {
    put(out, VALUE);
    out.copy(bytes, start, end);
  } else renderUnknown(out, bytes, start, end);
}

/** Not JSON: text if it looks like text, else bytes. */
function renderUnknown(out: ByteOutput, bytes: Buffer, start: number, end: number): void {
  const marks = marksOf(bytes, start, end);
  const isText = (marks & CONTROL) === 0 && ((marks & HIGH) === 0 || isUtf8(bytes.subarray(start, end)));
  if (isText) putText(out, bytes, start, end, marks);
  else putBase64(out, VALUE_BASE64, bytes, start, end);
}

function isJsonNull(bytes: Buffer, start: number, end: number): boolean {
  const at = skipSpace(bytes, start, end);
  if (bytes[at] !== NULL[0] || end - at < NULL.length) return false;
  for (let n = 1; n < NULL.length; n++) if (bytes[at + n] !== NULL[n]) return false;
  return skipSpace(bytes, at + NULL.length, end) === end;
}

function renderHeaders(out: ByteOutput, cursor: RecordCursor): void {
  put(out, HEADERS);
  let first = true;
  cursor.forEachHeader((nameStart, nameEnd, valueStart, valueEnd) => {
    if (!first) out.byte(COMMA);
    first = false;
    putForcedText(out, cursor.bytes, nameStart, nameEnd);
    out.byte(COLON);
    if (valueStart === -1) put(out, NULL);
    else putForcedText(out, cursor.bytes, valueStart, valueEnd);
  });
  put(out, END);
}

/** Headers are text in this contract. What is not UTF-8 can only come from elsewhere, and is shown with replacement characters. */
function putForcedText(out: ByteOutput, bytes: Buffer, start: number, end: number): void {
  const marks = marksOf(bytes, start, end);
  if ((marks & HIGH) === 0 || isUtf8(bytes.subarray(start, end))) {
    writeJsonText(out, bytes, start, end, marks);
    return;
  }
  const repaired = Buffer.from(bytes.toString('utf8', start, end));
  writeJsonText(out, repaired, 0, repaired.length, marks);
}

function putText(out: ByteOutput, bytes: Buffer, start: number, end: number, marks: number): void {
  put(out, VALUE);
  writeJsonText(out, bytes, start, end, marks);
}

function putBase64(out: ByteOutput, field: Buffer, bytes: Buffer, start: number, end: number): void {
  put(out, field);
  const text = Buffer.from(bytes.toString('base64', start, end), 'latin1');
  out.copy(text, 0, text.length);
  out.byte(QUOTE);
}
