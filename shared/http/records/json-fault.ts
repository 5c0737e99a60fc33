import { ChasquiError } from '../../contract/errors.ts';
import { LIMITS } from '../../contract/limits.ts';
import { JsonReader } from '../../lib/json-reader.ts';
import { ScanError } from '../../lib/scan-error.ts';
import { brokenJson } from './record-fault.ts';

/** The levels around a record's value: the body, the list, the record. */
const ENVELOPE_DEPTH = 3;

/**
 * The error that a client is told of, given what reading `body[start, end)` threw. A text that is broken further on is first of all
 * broken: one and the same code, whatever else is wrong with it before that place.
 */
export function jsonFault(error: unknown, body: Buffer, start: number, end: number, path?: string): unknown {
  if (error instanceof ScanError) return brokenJson(error, path);
  if (!(error instanceof ChasquiError) || error.code === 'invalid_json') return error;
  const reader = new JsonReader(body, start, end);
  try {
    reader.peek();
    reader.skipValue(LIMITS.jsonDepth + ENVELOPE_DEPTH);
    reader.finish();
    return error;
  } catch (broken) {
    return broken instanceof ScanError ? brokenJson(broken, path) : broken;
  }
}
