import type { EdgeRequest } from '../../shared/http/edge-request.ts';
import { parseEvents } from '../../shared/http/records/parse-events.ts';
import type { ReadRecords } from './read-records.ts';

/** The records of a CloudEvents request: binary, structured or batch, by its content type. */
export async function readEvents(request: EdgeRequest<'produceEvents'>): Promise<ReadRecords> {
  const body = await request.readBody();
  const contentType = request.header('content-type');
  return { body, records: parseEvents({ body, contentType, headers: request.rawHeaders() }) };
}
