import type { GatewayResult } from './gateway-event.ts';

const JSON_TYPE = /^application\/(?:problem\+)?json\b/;
/** As text, every quote costs a backslash more; base64 always costs a third. Lambda's answer is at most 6 MB, either way. */
const MOST_TEXT_BYTES = 64 * 1024;

/** The answer as the gateway takes it. */
export const toResult = async (response: Response): Promise<GatewayResult> => {
  const body = Buffer.from(await response.arrayBuffer());
  const headers = Object.fromEntries(response.headers);
  const asText = body.length <= MOST_TEXT_BYTES && JSON_TYPE.test(headers['content-type'] ?? '');
  const isBase64Encoded = body.length > 0 && !asText;
  return {
    statusCode: response.status,
    headers,
    body: body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  };
};
