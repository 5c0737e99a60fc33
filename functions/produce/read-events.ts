import type { RecordInput } from '../../shared/contract/record.ts';
import type { EdgeRequest } from '../../shared/http/edge-request.ts';
import { parseEvents } from '../../shared/http/records/parse-events.ts';

/** The records of a CloudEvents request: binary, structured or batch, by its content type. */
export function readEvents(request: EdgeRequest<'produceEvents'>): RecordInput[] {
  const contentType = request.header('content-type');
  return parseEvents({ body: request.bytes, contentType, headers: request.rawHeaders() });
}
