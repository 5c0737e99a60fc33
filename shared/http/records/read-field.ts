import { invalidField } from '../../contract/errors.ts';
import { LIMITS } from '../../contract/limits.ts';
import { decodeBase64 } from '../../lib/base64.ts';
import type { JsonReader } from '../../lib/json-reader.ts';
import { QUOTE } from '../../lib/json-scanner.ts';

/** Says where a value is, for an error; not asked otherwise. */
export type Path = () => string;

/** The UTF-8 of the string that comes next, mostly a view into the text. */
export function readText(reader: JsonReader, path: Path): Buffer {
  if (reader.peek() !== QUOTE) refuseValue(reader, path(), 'must be a string');
  const bytes = reader.readStringBytes();
  if (bytes === undefined) throw invalidField(path(), 'must not contain lone surrogates');
  return bytes;
}

export function readBase64(reader: JsonReader, path: Path): Buffer {
  if (reader.peek() !== QUOTE) refuseValue(reader, path(), 'must be a string of base64');
  const bytes = decodeBase64(reader.readString());
  if (bytes === undefined) throw invalidField(path(), 'must be base64 (RFC 4648 section 4, padded)');
  return bytes;
}

/** `1.0` and `1e3` are integers to a mathematician, but nobody writes a time or a number of a partition so. */
export function readInteger(reader: JsonReader, path: Path, max: number, range: string): number {
  const value = reader.readDigits(LIMITS.jsonDepth);
  if (!(value <= max)) throw invalidField(path(), `must be an integer ${range}`);
  return value;
}

/** Passes the value first: where it is not even JSON, that is the fault. */
export function refuseValue(reader: JsonReader, path: string, message: string): never {
  reader.skipValue(LIMITS.jsonDepth);
  throw invalidField(path, message);
}
