import { isIP } from 'node:net';
import { isPublicAddress } from './is-public-address.ts';

export interface EndpointRules {
  /** For development: plain http, and addresses that are not public. */
  readonly allowPrivate: boolean;
}

export type Endpoint =
  | { readonly kind: 'usable'; readonly url: URL; readonly host: string; readonly isAddress: boolean }
  | { readonly kind: 'refused'; readonly reason: string };

const HTTPS_PORT = 443;
/** Below are the well-known services that speak something else, and may be made to by a clever body. */
const FIRST_FREE_PORT = 1024;

/** RFC 6761, RFC 6762 appendix G, RFC 8375, ICANN's resolutions on .internal; and what clouds call their metadata services. */
const PRIVATE_NAMES = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'home.arpa',
  'in-addr.arpa',
  'ip6.arpa',
  'test',
  'invalid',
  'onion',
  'metadata',
  'instance-data',
  'instance-data.ec2.internal',
];

const refused = (reason: string): Endpoint => ({ kind: 'refused', reason });

const isPrivateName = (host: string): boolean =>
  !host.includes('.') || PRIVATE_NAMES.some((name) => host === name || host.endsWith(`.${name}`));

const parse = (text: string): URL | undefined => {
  // A parser that forgives would read another address than the next one does.
  if (!/^https?:\/\/[^/\\]/i.test(text) || /[\s\\\p{Control}]/u.test(text)) return undefined;
  return URL.canParse(text) ? new URL(text) : undefined;
};

const portFault = ({ port }: URL): string | undefined => {
  const number = port === '' ? HTTPS_PORT : Number(port);
  if (number === HTTPS_PORT || number >= FIRST_FREE_PORT) return undefined;
  return `must use port ${HTTPS_PORT}, or one from ${FIRST_FREE_PORT} on`;
};

const publicFault = (url: URL, host: string, isAddress: boolean): string | undefined => {
  if (url.protocol !== 'https:') return 'must begin with https://';
  if (isAddress ? !isPublicAddress(host) : isPrivateName(host)) return 'must have a public address';
  return portFault(url);
};

/** What can be said of an endpoint's address without asking a resolver. Numbers in whatever notation are read as a browser reads them. */
export const readEndpointUrl = (text: string, { allowPrivate }: EndpointRules): Endpoint => {
  const url = parse(text);
  if (url === undefined) return refused('must be an absolute URL that begins with https://');
  // By the text: an empty name leaves nothing in what was parsed, and is a name to others.
  if (/^https?:\/\/[^/?#]*@/i.test(text)) return refused('must not hold a user name or password');
  if (url.port === '0') return refused('must not use port 0');
  const host = url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.+$/, '')
    .toLowerCase();
  if (host === '') return refused('must name a host');
  const isAddress = isIP(host) !== 0;
  const fault = allowPrivate ? undefined : publicFault(url, host, isAddress);
  return fault === undefined ? { kind: 'usable', url, host, isAddress } : refused(fault);
};
