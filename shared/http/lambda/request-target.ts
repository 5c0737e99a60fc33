import type { GatewayEvent } from './gateway-event.ts';

/** What may stand in a path as it is (RFC 3986 section 3.3), the percent sign of what is still encoded included. */
const OTHERS = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/gu;

const percentEncode = (character: string): string =>
  Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

/**
 * The request's target as the client sent it, or one that means the same. The gateway has decoded the path, all but `%25`; put back,
 * a `?` in it is no query, and nothing is decoded twice. A slash that was sent as `%2F` is lost there.
 */
export const requestTarget = ({ rawPath, rawQueryString }: GatewayEvent): string => {
  const path = rawPath.replaceAll(OTHERS, percentEncode);
  return rawQueryString === '' ? path : `${path}?${rawQueryString}`;
};
