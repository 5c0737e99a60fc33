import type { IncomingMessage } from 'node:http';

/** What a `Host` mostly looks like: a name or an address of IPv4, and a port. */
const PLAIN_HOST = /^[a-z0-9._-]*(?::\d{1,5})?$/i;
/** What ends the authority of a URL, or may not stand in one. */
const NO_HOST = /[/?#@\\\s]/;

const isHost = (host: string): boolean =>
  PLAIN_HOST.test(host) || (!NO_HOST.test(host) && URL.canParse(`http://${host}/`));

/** RFC 9112 section 3.2: HTTP/1.1 may not leave `Host` out. */
const hasHost = ({ headers: { host }, httpVersion }: IncomingMessage): boolean =>
  host === undefined ? httpVersion === '1.0' : isHost(host);

const ABSOLUTE = /^https?:\/\/[^/?#]+/i;

/** The target in absolute form, as a client sends it that takes us for a proxy (RFC 9112 section 3.2.2). */
const fromAbsolute = (text: string): string | undefined => {
  const origin = ABSOLUTE.exec(text)?.[0];
  if (origin === undefined || !URL.canParse(origin)) return undefined;
  const rest = text.slice(origin.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
};

/** Path and query of a request, as they were sent; undefined where its target or its `Host` is not HTTP. */
export const requestTarget = (incoming: IncomingMessage): string | undefined => {
  const { url = '' } = incoming;
  if (!hasHost(incoming)) return undefined;
  return url.charCodeAt(0) === 0x2f ? url : fromAbsolute(url);
};
