import { isUtf8 } from 'node:buffer';
import { invalidField } from '../../contract/errors.ts';
import type { RecordInput } from '../../contract/record.ts';
import { headerBytes } from '../../lib/header-bytes.ts';
import { decodePercent } from '../../lib/percent.ts';
import { checkAttributeName, type EventPath, recordOfEvent } from './event-record.ts';
import { formatOfBody } from './value-format.ts';

export interface EventRequest {
  readonly body: Buffer;
  readonly contentType: string | undefined;
  /** All headers of the request: name, value, name, value … */
  readonly headers: readonly string[];
}

const PREFIX = 'ce-';
const QUOTED = /^"((?:[^"\\]|\\.)*)"$/s;
/** HTTP has its own places for these. */
const MISPLACED: ReadonlySet<string> = new Set(['data', 'datacontenttype']);

const path: EventPath = (attribute) => (attribute === undefined ? 'event' : `${PREFIX}${attribute}`);

/** An event in binary content mode: attributes are headers, the body is the data (CloudEvents 1.0.2, HTTP protocol binding, section 3.1). */
export function readBinaryEvent({ body, contentType, headers }: EventRequest): RecordInput {
  const attributes = new Map<string, string>();
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const header = headers[at]!.toLowerCase();
    if (!header.startsWith(PREFIX)) continue;
    const name = header.slice(PREFIX.length);
    checkAttributeName(name, path);
    if (MISPLACED.has(name)) throw invalidField(path(name), 'is not an attribute; use the body and its Content-Type');
    if (attributes.has(name)) throw invalidField(path(name), 'is given twice');
    attributes.set(name, decodeValue(headers[at + 1]!, name));
  }
  if (contentType) attributes.set('datacontenttype', contentType);
  return recordOfEvent({ attributes, value: body, valueFormat: formatOfBody(body, contentType) }, path);
}

/** Quotes are taken off first, for older senders, then one round of percent-decoding (section 3.1.3.2). */
function decodeValue(value: string, name: string): string {
  const quoted = QUOTED.exec(value)?.[1]?.replace(/\\(.)/gs, '$1');
  const bytes = decodePercent(headerBytes(quoted ?? value));
  if (bytes === undefined || !isUtf8(bytes)) throw invalidField(path(name), 'must be percent-encoded UTF-8');
  return bytes.toString();
}
