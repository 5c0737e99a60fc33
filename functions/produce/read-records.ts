import { ChasquiError, invalidField } from '../../shared/contract/errors.ts';
import type { RecordInput } from '../../shared/contract/record.ts';
import type { EdgeRequest } from '../../shared/http/edge-request.ts';
import { parseContentType } from '../../shared/http/media-type.ts';
import { parseJsonRecords } from '../../shared/http/records/parse-json.ts';
import { parseNdjsonRecords } from '../../shared/http/records/parse-ndjson.ts';
import { parseRawRecord } from '../../shared/http/records/parse-raw.ts';

/** The records of a produce request, by the content type of its body: JSON, NDJSON, or one raw value. */
export function readRecords(request: EdgeRequest<'produceRecords'>): RecordInput[] {
  const body = request.bytes;
  const contentType = request.header('content-type');
  const { type, charset } = parseContentType(contentType);
  switch (type) {
    case 'application/json':
    case 'application/x-ndjson':
      refuseRawParameters(request);
      refuseOtherCharsets(charset);
      return type === 'application/json' ? parseJsonRecords(body) : parseNdjsonRecords(body);
    default: {
      const { key, partition } = request.query;
      return [parseRawRecord({ body, contentType, key, partition, headers: request.rawHeaders() })];
    }
  }
}

function refuseRawParameters({ query }: EdgeRequest<'produceRecords'>): void {
  for (const name of ['key', 'partition'] as const)
    if (query[name] !== undefined)
      throw invalidField(name, 'is for a body that is one value; here each record names its own');
}

function refuseOtherCharsets(charset: string | undefined): void {
  if (charset === undefined || charset === 'utf-8' || charset === 'utf8') return;
  throw new ChasquiError('unsupported_media_type', 'JSON is taken in UTF-8.');
}
