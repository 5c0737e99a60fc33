import { isUtf8 } from 'node:buffer';
import { usageError } from '../cli-error.ts';

/** How a line of input becomes a record. */
export interface LineForm {
  /** `text`: the line is the value. `json`: the line is a JSON value. `record`: the line is a whole record, as the API takes it. */
  readonly kind: 'text' | 'json' | 'record';
  readonly key?: string;
  /** What stands between key and value in each line. */
  readonly keySeparator?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly partition?: number;
}

const isBlank = (line: Buffer): boolean => line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);

const jsonMember = (name: string, bytes: Buffer): string =>
  isUtf8(bytes)
    ? `"${name}":${JSON.stringify(bytes.toString('utf8'))}`
    : `"${name}Base64":${JSON.stringify(bytes.toString('base64'))}`;

/** The line's own text goes in, so that no digit is lost; but only when it is one value, or it could smuggle in other members. */
const jsonValue = (line: Buffer): string => {
  const text = line.toString('utf8');
  try {
    JSON.parse(text);
  } catch {
    throw usageError('It is not a JSON value.');
  }
  return `"value":${text}`;
};

const splitKey = (line: Buffer, separator: string): [Buffer, Buffer] => {
  const at = line.indexOf(separator, 0, 'utf8');
  if (at < 0) throw usageError(`It has no ${JSON.stringify(separator)} behind a key.`);
  return [line.subarray(0, at), line.subarray(at + Buffer.byteLength(separator))];
};

/** Makes the NDJSON line of a record; nothing of a blank line where lines are JSON. @throws {CliError} that says what is wrong. */
export const recordMaker = (form: LineForm): ((line: Buffer) => Buffer | string | undefined) => {
  if (form.kind === 'record') return (line) => (isBlank(line) ? undefined : line);
  const { key, keySeparator, headers, partition, kind } = form;
  const fixed = JSON.stringify({ key, headers, partition }).slice(1, -1);
  return (line) => {
    if (kind === 'json' && isBlank(line)) return undefined;
    const [keyBytes, valueBytes] = keySeparator === undefined ? [undefined, line] : splitKey(line, keySeparator);
    const value = kind === 'json' ? jsonValue(valueBytes) : jsonMember('value', valueBytes);
    const members = [fixed, keyBytes === undefined ? '' : jsonMember('key', keyBytes), value];
    return `{${members.filter((member) => member !== '').join(',')}}`;
  };
};
