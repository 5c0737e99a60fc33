import { invalidField } from '../../contract/errors.ts';
import { LIMITS } from '../../contract/limits.ts';
import { type RecordHeader, type RecordInput, VALUE_FORMATS } from '../../contract/record.ts';
import type { JsonReader } from '../../lib/json-reader.ts';
import { OPEN_BRACE } from '../../lib/json-scanner.ts';
import { type Path, readBase64, readInteger, readText, refuseValue } from './read-field.ts';
import { readHeaders } from './read-headers.ts';
import { checkRecordBytes } from './record-bytes.ts';
import { fieldPath } from './record-fault.ts';

/** The fields of a Record (contract section 4). */
const FIELDS = ['key', 'keyBase64', 'value', 'valueBase64', 'headers', 'timestamp', 'partition'] as const;
const FIELD_NAMES = FIELDS.map((name) => Buffer.from(name));

/** A record that is being read; what it has not got is absent, so that most records have one shape. */
interface Draft {
  key: Uint8Array | null;
  value: Uint8Array | null;
  valueFormat: RecordInput['valueFormat'];
  headers: readonly RecordHeader[];
  timestamp: number | undefined;
  partition: number | undefined;
}

const NO_HEADERS: readonly RecordHeader[] = [];

/**
 * Reads the Record that comes next. A JSON value stays as it came: a view into the text.
 * @throws {ChasquiError} `invalid_request` or `payload_too_large`, naming the field, and `ScanError` where the text is not JSON.
 */
export function readRecord(reader: JsonReader, path: Path): RecordInput {
  if (reader.peek() !== OPEN_BRACE) refuseValue(reader, path(), 'must be an object');
  const draft: Draft = {
    key: null,
    value: null,
    valueFormat: VALUE_FORMATS.unknown,
    headers: NO_HEADERS,
    timestamp: undefined,
    partition: undefined,
  };
  let seen = 0;
  reader.enter(OPEN_BRACE);
  while (reader.nextField()) {
    const field = reader.nameAmong(FIELD_NAMES);
    if (field === -1) throw invalidField(fieldPath(path(), reader.name()), 'is not a field of a record');
    if ((seen & (1 << field)) !== 0) throw invalidField(fieldPath(path(), FIELDS[field]), 'is given twice');
    seen |= 1 << field;
    // Null means absent, so that of `key` and `keyBase64` one may be null.
    if (!reader.skipNull()) readField(reader, draft, field, path);
  }
  checkRecordBytes(draft, path);
  return draft;
}

function readField(reader: JsonReader, draft: Draft, field: number, path: Path): void {
  const name = FIELDS[field]!;
  const here = (): string => fieldPath(path(), name);
  switch (name) {
    case 'key':
    case 'keyBase64':
      if (draft.key !== null) throw invalidField(here(), 'cannot be given: there is another key in this record');
      draft.key = name === 'key' ? readText(reader, here) : readBase64(reader, here);
      return;
    case 'value':
    case 'valueBase64':
      if (draft.value !== null) throw invalidField(here(), 'cannot be given: there is another value in this record');
      if (name === 'value') readValue(reader, draft);
      else draft.value = readBase64(reader, here);
      return;
    case 'headers':
      draft.headers = readHeaders(reader, here);
      return;
    case 'timestamp':
      draft.timestamp = readInteger(reader, here, LIMITS.timestampMs, `from 0 to ${LIMITS.timestampMs}`);
      return;
    case 'partition':
      // How many there are is not known here; whoever knows names the range.
      draft.partition = readInteger(reader, here, Number.MAX_SAFE_INTEGER, 'of at least 0');
      return;
  }
}

function readValue(reader: JsonReader, draft: Draft): void {
  const start = reader.at;
  draft.value = reader.bytes.subarray(start, reader.skipValue(LIMITS.jsonDepth));
  draft.valueFormat = VALUE_FORMATS.json;
}
