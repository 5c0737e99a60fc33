import { ChasquiError, invalidField } from '../../contract/errors.ts';
import { LIMITS } from '../../contract/limits.ts';
import type { ScanError } from '../../lib/scan-error.ts';

/** Names that can stand behind a dot in a path. Everything else goes in brackets, quoted and cut short. */
const PLAIN_NAME = /^[A-Za-z0-9_-]{1,64}$/;
const SHOWN_CHARACTERS = 64;

export const recordPath = (index: number): string => `records[${index}]`;

export function fieldPath(parent: string, field = ''): string {
  if (!PLAIN_NAME.test(field)) return `${parent}[${JSON.stringify(field.slice(0, SHOWN_CHARACTERS))}]`;
  return parent === '' ? field : `${parent}.${field}`;
}

/** The text is not JSON; `path` names the record if one is at fault. */
export function brokenJson(error: ScanError, path?: string): ChasquiError {
  const fault = error.tooDeep
    ? `is nested more than ${LIMITS.jsonDepth} levels deep`
    : `is not valid JSON: ${error.message}`;
  return notJson(fault, path, error);
}

/** Not UTF-8, or not JSON. */
export function notJson(fault: string, path?: string, cause?: unknown): ChasquiError {
  if (path === undefined) return new ChasquiError('invalid_json', `The body ${fault}.`, { cause });
  return new ChasquiError('invalid_json', `${path} ${fault}.`, { errors: [{ path, message: fault }], cause });
}

/** `path` names the record. */
export function recordTooLarge(path: string, bytes: number): ChasquiError {
  const message = `holds ${bytes} bytes of key, value and headers; at most ${LIMITS.recordBytes} are allowed`;
  return new ChasquiError('payload_too_large', `${path} ${message}.`, { errors: [{ path, message }] });
}

export function wrongCount(path: string): ChasquiError {
  return invalidField(path, `must hold 1 to ${LIMITS.recordsPerRequest} records`);
}
