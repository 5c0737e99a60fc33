import { isUtf8 } from 'node:buffer';
import { LIMITS } from '../../contract/limits.ts';
import { VALUE_FORMATS, type ValueFormat } from '../../contract/record.ts';
import { JsonScanner } from '../../lib/json-scanner.ts';
import { ScanError } from '../../lib/scan-error.ts';
import { parseContentType } from '../media-type.ts';

const JSON_TYPE = /^(?:[^/]+\/json|[^/]+\/[^/]+\+json)$/;
const UTF8_CHARSETS: ReadonlySet<string | undefined> = new Set([undefined, 'utf-8', 'utf8', 'us-ascii', 'ascii']);

/** What a body is, by its content type, provided that it keeps what the type promises. */
export function formatOfBody(body: Buffer, contentType: string | undefined): ValueFormat {
  const { type, charset } = parseContentType(contentType);
  if (!UTF8_CHARSETS.has(charset)) return VALUE_FORMATS.unknown;
  if (isJsonType(type)) return isJson(body) ? VALUE_FORMATS.json : VALUE_FORMATS.unknown;
  return type.startsWith('text/') && isUtf8(body) ? VALUE_FORMATS.text : VALUE_FORMATS.unknown;
}

/** Of a media type in lower case, without parameters. */
export const isJsonType = (type: string): boolean => JSON_TYPE.test(type);

/** One JSON text, strictly, no deeper than we take in. */
export function isJson(bytes: Buffer): boolean {
  if (!isUtf8(bytes)) return false;
  try {
    const scanner = new JsonScanner(bytes);
    return scanner.skipSpace(scanner.skipValue(scanner.skipSpace(0), LIMITS.jsonDepth)) === scanner.end;
  } catch (error) {
    if (error instanceof ScanError) return false;
    throw error;
  }
}
