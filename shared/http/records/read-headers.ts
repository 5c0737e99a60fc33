import { invalidField } from '../../contract/errors.ts';
import type { RecordHeader } from '../../contract/record.ts';
import type { JsonReader } from '../../lib/json-reader.ts';
import { OPEN_BRACE } from '../../lib/json-scanner.ts';
import { checkHeaderCount, checkHeaderName } from './header-limits.ts';
import { type Path, readText, refuseValue } from './read-field.ts';
import { fieldPath } from './record-fault.ts';

/** Reads `{name: string}`. */
export function readHeaders(reader: JsonReader, path: Path): RecordHeader[] {
  if (reader.peek() !== OPEN_BRACE) refuseValue(reader, path(), 'must be an object of strings');
  const headers: RecordHeader[] = [];
  const names = new Set<string>();
  reader.enter(OPEN_BRACE);
  while (reader.nextField()) {
    const name = reader.name();
    checkHeaderName(name, path);
    if (names.has(name)) throw invalidField(fieldPath(path(), name), 'is given twice');
    names.add(name);
    headers.push({ name, value: readText(reader, () => fieldPath(path(), name)) });
  }
  checkHeaderCount(headers.length, path);
  return headers;
}
