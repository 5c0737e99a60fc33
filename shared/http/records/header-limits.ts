import { invalidField } from '../../contract/errors.ts';
import { LIMITS } from '../../contract/limits.ts';
import { isWellFormed } from '../../lib/json-reader.ts';

/** @throws {ChasquiError} `invalid_request` */
export function checkHeaderName(name: string, path: () => string): void {
  if (!isWellFormed(name)) throw invalidField(path(), 'must not have a name with lone surrogates');
  const bytes = Buffer.byteLength(name);
  if (bytes < 1 || bytes > LIMITS.headerNameBytes) {
    throw invalidField(path(), `must have names of 1 to ${LIMITS.headerNameBytes} bytes, not ${bytes}`);
  }
}

/** @throws {ChasquiError} `invalid_request` */
export function checkHeaderCount(count: number, path: () => string): void {
  if (count > LIMITS.headersPerRecord) {
    throw invalidField(path(), `must not hold more than ${LIMITS.headersPerRecord} headers, not ${count}`);
  }
}
