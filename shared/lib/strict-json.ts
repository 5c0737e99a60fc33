import { isWellFormed, JsonReader } from './json-reader.ts';
import { OPEN_BRACE, OPEN_BRACKET, QUOTE } from './json-scanner.ts';

/** JSON that two readers may understand differently (RFC 8259 sections 4 and 8.2): a name given twice, half a surrogate pair, `__proto__`. */
export class AmbiguousJsonError extends Error {
  /** `scopes[0].actions`; empty for the whole text. */
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string) {
    super(`${path} ${reason}`);
    this.name = 'AmbiguousJsonError';
    this.path = path;
    this.reason = reason;
  }
}

/** To some readers it is a field, to others what all fields are inherited from, and to others again nothing. */
const NO_NAME = 'is not a name that may be given';
const LONE_SURROGATE = 'must not hold half of a surrogate pair';

/**
 * The value of a JSON text, which has to be valid UTF-8.
 * @throws {ScanError} not JSON, or nested deeper than `maxDepth`. @throws {AmbiguousJsonError}
 */
export const parseStrictJson = (bytes: Buffer, maxDepth: number): unknown => {
  const reader = new JsonReader(bytes);
  const value = readValue(reader, '', maxDepth);
  reader.finish();
  return value;
};

const readValue = (reader: JsonReader, path: string, maxDepth: number): unknown => {
  const byte = reader.peek();
  if (byte === QUOTE) return readText(reader, path);
  if (maxDepth > 0 && byte === OPEN_BRACE) return readObject(reader, path, maxDepth - 1);
  if (maxDepth > 0 && byte === OPEN_BRACKET) return readArray(reader, path, maxDepth - 1);
  const start = reader.at;
  return JSON.parse(reader.bytes.toString('utf8', start, reader.skipValue(0)));
};

const readText = (reader: JsonReader, path: string): string => {
  const text = reader.readString();
  if (!isWellFormed(text)) throw new AmbiguousJsonError(path, LONE_SURROGATE);
  return text;
};

const readObject = (reader: JsonReader, path: string, maxDepth: number): Record<string, unknown> => {
  const object = Object.create(null) as Record<string, unknown>;
  reader.enter(OPEN_BRACE);
  while (reader.nextField()) {
    const name = reader.name();
    const below = path === '' ? name : `${path}.${name}`;
    if (!isWellFormed(name)) throw new AmbiguousJsonError(path, LONE_SURROGATE);
    if (name === '__proto__') throw new AmbiguousJsonError(below, NO_NAME);
    if (name in object) throw new AmbiguousJsonError(below, 'must not be given twice');
    object[name] = readValue(reader, below, maxDepth);
  }
  return object;
};

const readArray = (reader: JsonReader, path: string, maxDepth: number): unknown[] => {
  const array: unknown[] = [];
  reader.enter(OPEN_BRACKET);
  while (reader.nextElement()) array.push(readValue(reader, `${path}[${array.length}]`, maxDepth));
  return array;
};
