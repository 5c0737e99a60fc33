import type { IncomingMessage, ServerResponse } from 'node:http';
import { nextRequestId } from '../../shared/http/request-id.ts';

/** What scripts may read of an answer besides what they always may. */
const EXPOSED = [
  'Chasqui-Request-Id',
  'Chasqui-Cursor',
  'Chasqui-Skipped',
  'Chasqui-Next-Offset',
  'Chasqui-High-Watermark',
  'Chasqui-Log-Start-Offset',
  'Idempotency-Replayed',
  'Retry-After',
  'Allow',
  'traceparent',
].join(', ');
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const MAX_AGE_SECONDS = 600;

/** True: the request was a preflight, and is answered. */
export type Cors = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;

/** Which headers a request may have is for the edge to say: records and events name theirs as they like. */
const answerPreflight = ({ headers }: IncomingMessage, outgoing: ServerResponse): void => {
  const asked = headers['access-control-request-headers'];
  if (asked !== undefined) outgoing.setHeader('access-control-allow-headers', asked);
  outgoing.setHeader('access-control-allow-methods', METHODS);
  outgoing.setHeader('access-control-max-age', MAX_AGE_SECONDS);
  outgoing.setHeader('chasqui-request-id', nextRequestId());
  outgoing.writeHead(204).end();
};

/** Lets pages of these origins (`*`: of any) call from a browser; keys still open what they open (Fetch standard, "CORS protocol"). */
export const createCors = (origins: readonly string[]): Cors => {
  const any = origins.includes('*');
  return (incoming, outgoing) => {
    const { origin } = incoming.headers;
    if (!any) outgoing.setHeader('vary', 'Origin');
    if (origin === undefined || !(any || origins.includes(origin))) return false;
    outgoing.setHeader('access-control-allow-origin', any ? '*' : origin);
    outgoing.setHeader('access-control-expose-headers', EXPOSED);
    if (!isPreflight(incoming)) return false;
    answerPreflight(incoming, outgoing);
    return true;
  };
};
