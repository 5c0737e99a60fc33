import { invalidField } from '../../contract/errors.ts';
import type { RecordHeader, RecordInput, ValueFormat } from '../../contract/record.ts';
import { isRfc3339 } from '../../lib/rfc3339.ts';
import { checkHeaderCount, checkHeaderName } from './header-limits.ts';
import { checkRecordBytes } from './record-bytes.ts';

/** An event as it was read: attributes by name, all but `data` as text, in the order that they came in. */
export interface Event {
  readonly attributes: ReadonlyMap<string, string>;
  readonly value: Uint8Array;
  readonly valueFormat: ValueFormat;
}

/** Where an error is: of the event as a whole, or of an attribute. */
export type EventPath = (attribute?: string) => string;

const REQUIRED = ['specversion', 'id', 'source', 'type'];
/** May be left out, but not be empty: CloudEvents 1.0 section 3.1, and the extension "Partitioning". */
const NEVER_EMPTY = [...REQUIRED, 'subject', 'time', 'dataschema', 'datacontenttype', 'partitionkey'];
const NAME = /^[a-z0-9]+$/;
/** What a String of CloudEvents 1.0 (section 3.1) cannot hold. */
const FORBIDDEN = /[\p{Control}\p{Surrogate}\p{Noncharacter_Code_Point}]/u;

/** @throws {ChasquiError} `invalid_request` */
export function checkAttributeName(name: string, path: EventPath): void {
  if (!NAME.test(name)) throw invalidField(path(name), 'must be named with lower-case letters and digits only');
}

/**
 * The record that the Kafka protocol binding (CloudEvents 1.0, binary content mode) makes of an event. Its time stays an attribute;
 * the record's own timestamp is the bus's.
 * @throws {ChasquiError} `invalid_request`, `payload_too_large`
 */
export function recordOfEvent({ attributes, value, valueFormat }: Event, path: EventPath): RecordInput {
  checkAttributes(attributes, path);
  const headers = [...attributes].map(([name, text]) => headerOf(name, text, path));
  checkHeaderCount(headers.length, path);
  const key = attributes.get('partitionkey') ?? attributes.get('subject');
  const record: RecordInput = { key: key === undefined ? null : Buffer.from(key), value, valueFormat, headers };
  checkRecordBytes(record, path);
  return record;
}

function checkAttributes(attributes: ReadonlyMap<string, string>, path: EventPath): void {
  for (const name of REQUIRED) {
    if (!attributes.has(name)) throw invalidField(path(name), 'must be given');
  }
  for (const name of NEVER_EMPTY) {
    if (attributes.get(name) === '') throw invalidField(path(name), 'must not be empty');
  }
  for (const [name, text] of attributes) {
    if (FORBIDDEN.test(text)) throw invalidField(path(name), 'must not contain control characters or lone surrogates');
  }
  if (attributes.get('specversion') !== '1.0') throw invalidField(path('specversion'), 'must be "1.0"');
  const time = attributes.get('time');
  if (time !== undefined && !isRfc3339(time)) throw invalidField(path('time'), 'must be a time by RFC 3339');
}

function headerOf(attribute: string, text: string, path: EventPath): RecordHeader {
  const name = attribute === 'datacontenttype' ? 'content-type' : `ce_${attribute}`;
  checkHeaderName(name, () => path(attribute));
  return { name, value: Buffer.from(text) };
}
