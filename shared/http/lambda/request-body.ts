import { ChasquiError } from '../../contract/errors.ts';
import type { GatewayEvent } from './gateway-event.ts';

const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

/**
 * The gateway passes bodies of some content types as text, and has then replaced what is no UTF-8. The length that the client
 * declared gives it away: a replacement is longer than what it replaced. Rather an error than other bytes than were sent.
 */
const refuseAltered = ({ headers = {} }: GatewayEvent, body: Buffer): void => {
  const declared = headers['content-length'];
  if (declared === undefined || Number(declared) === body.length) return;
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity')
    throw new ChasquiError(
      'unsupported_media_type',
      'Behind this gateway, compressed bodies are taken with the content types application/x-ndjson and application/octet-stream.',
    );
  if (JSON_TYPE.test(headers['content-type'] ?? '')) throw new ChasquiError('invalid_json', 'The body is not UTF-8.');
  throw new ChasquiError(
    'invalid_request',
    'Behind this gateway, a text has to be UTF-8; send other bytes as application/octet-stream.',
  );
};

/**
 * The bytes that the client sent; undefined where it sent none.
 * @throws {ChasquiError} when they did not come through the gateway as they were sent
 */
export const requestBody = (event: GatewayEvent): Buffer | undefined => {
  if (event.body === undefined || event.body === '') return undefined;
  if (event.isBase64Encoded === true) return Buffer.from(event.body, 'base64');
  const body = Buffer.from(event.body, 'utf8');
  refuseAltered(event, body);
  return body;
};
