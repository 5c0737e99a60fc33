import { gzipSync } from 'node:zlib';
import type { GatewayResult } from './gateway-event.ts';

const JSON_TYPE = /^application\/(?:problem\+)?json\b/;
/** As text, every quote costs a backslash more; base64 always costs a third. Lambda's answer is at most 6 MB, either way. */
const MOST_TEXT_BYTES = 64 * 1024;

/** Of 6 MiB, in base64, with room for the headers. Only a record that is all control characters is longer: JSON writes them six times as long. */
const MOST_BYTES = 4_600_000;

/** What would not get through goes compressed: it is acceptable to every client that does not say otherwise, and most say nothing. */
const squeeze = (body: Buffer, headers: Record<string, string>): Buffer => {
  if (body.length <= MOST_BYTES) return body;
  headers['content-encoding'] = 'gzip';
  return gzipSync(body);
};

/** The answer as the gateway takes it. */
export const toResult = async (response: Response): Promise<GatewayResult> => {
  const headers = Object.fromEntries(response.headers);
  const body = squeeze(Buffer.from(await response.arrayBuffer()), headers);
  const asText =
    headers['content-encoding'] === undefined &&
    body.length <= MOST_TEXT_BYTES &&
    JSON_TYPE.test(headers['content-type'] ?? '');
  const isBase64Encoded = body.length > 0 && !asText;
  return {
    statusCode: response.status,
    headers,
    body: body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  };
};
