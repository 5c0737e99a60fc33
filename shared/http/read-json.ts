import { isUtf8 } from 'node:buffer';
import type * as z from 'zod';
import { ChasquiError, invalidField } from '../contract/errors.ts';
import { ScanError } from '../lib/scan-error.ts';
import { AmbiguousJsonError, parseStrictJson } from '../lib/strict-json.ts';
import type { ContentType } from './media-type.ts';
import { validate } from './validate.ts';

/** Far deeper than any body of ours. */
const MAX_DEPTH = 32;

const invalidJson = (detail: string): ChasquiError => new ChasquiError('invalid_json', detail);

/** None at all is taken for JSON: many clients send none. @throws {ChasquiError} `unsupported_media_type` */
export const expectJsonType = ({ type, charset }: ContentType): void => {
  if (type !== '' && type !== 'application/json') {
    throw new ChasquiError('unsupported_media_type', 'This route takes application/json.');
  }
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    throw new ChasquiError('unsupported_media_type', 'JSON is UTF-8 here.');
  }
};

const parse = (bytes: Buffer): unknown => {
  if (!isUtf8(bytes)) throw invalidJson('The body is not valid UTF-8.');
  try {
    return parseStrictJson(bytes, MAX_DEPTH);
  } catch (error) {
    if (error instanceof ScanError) throw invalidJson(`The body is not JSON: ${error.message}.`);
    if (error instanceof AmbiguousJsonError) throw invalidField(error.path || 'body', error.reason);
    throw error;
  }
};

/** Absent and `null` mean the same in a request. */
const withoutNulls = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutNulls(member)]));
};

/**
 * A JSON body by its schema, without its nulls. No body at all leaves every field out.
 * @throws {ChasquiError} `invalid_json`, `invalid_request`
 */
export const readJson = (bytes: Buffer, schema: z.ZodType): unknown =>
  withoutNulls(validate(schema, bytes.length === 0 ? {} : parse(bytes), 'body', 'field'));
