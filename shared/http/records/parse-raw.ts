import { invalidField } from '../../contract/errors.ts';
import type { RecordHeader, RecordInput } from '../../contract/record.ts';
import { headerBytes } from '../../lib/header-bytes.ts';
import { checkHeaderCount, checkHeaderName } from './header-limits.ts';
import { checkRecordBytes } from './record-bytes.ts';
import { formatOfBody } from './value-format.ts';

export interface RawRequest {
  readonly body: Buffer;
  readonly contentType: string | undefined;
  readonly key: string | undefined;
  readonly partition: number | undefined;
  /** All headers of the request: name, value, name, value … */
  readonly headers: readonly string[];
}

const HEADER_PREFIX = 'chasqui-header-';

/**
 * A body that is one record's value (contract section 4). An empty body is an empty value, not a tombstone.
 * @throws {ChasquiError} `invalid_request`, `payload_too_large`
 */
export function parseRawRecord({ body, contentType, key, partition, headers }: RawRequest): RecordInput {
  const record: RecordInput = {
    key: key === undefined ? null : Buffer.from(key),
    value: body,
    valueFormat: formatOfBody(body, contentType),
    headers: recordHeaders(contentType, headers),
    ...(partition === undefined ? {} : { partition }),
  };
  checkRecordBytes(record, () => 'record');
  return record;
}

function recordHeaders(contentType: string | undefined, headers: readonly string[]): RecordHeader[] {
  const found = new Map<string, RecordHeader>();
  if (contentType) add(found, 'content-type', contentType);
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at]!.toLowerCase();
    if (name.startsWith(HEADER_PREFIX)) add(found, name.slice(HEADER_PREFIX.length), headers[at + 1]!);
  }
  checkHeaderCount(found.size, () => 'Chasqui-Header-…');
  return [...found.values()];
}

function add(found: Map<string, RecordHeader>, name: string, value: string): void {
  const path = (): string => `Chasqui-Header-${name}`;
  checkHeaderName(name, path);
  if (found.has(name)) throw invalidField(path(), 'is given twice');
  found.set(name, { name, value: headerBytes(value) });
}
