import { ChasquiError } from '../contract/errors.ts';
import { type Eventually, whenThere } from '../lib/eventually.ts';
import { findPrincipal } from '../tenancy/find-principal.ts';
import { PresentedKey } from '../tenancy/presented-key.ts';
import type { Principal } from '../tenancy/principal.ts';
import { principalOfTicket } from '../tenancy/tickets.ts';
import type { Service } from './service.ts';

/** RFC 6750, the scheme in any case (RFC 9110 section 11.1). Longer than any key of ours: an operator's key may be any text. */
const BEARER = /^bearer +([\x21-\x7e]{1,1024})$/i;

/** One answer for no key, an unknown, an expired and a revoked one: it says nothing about which. */
export const unauthenticated = (): ChasquiError =>
  new ChasquiError('unauthenticated', 'Give a valid API key: Authorization: Bearer <key>.');

interface Shown {
  readonly authorization: string;
  readonly key: PresentedKey;
}

/** What was shown last on each connection: most show the same key with each of their requests. Never told to another connection. */
const shownOn = new WeakMap<object, Shown>();

const readKey = (authorization: string): PresentedKey => {
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) throw unauthenticated();
  return new PresentedKey(token);
};

const presentedOn = (connection: object | undefined, authorization: string): PresentedKey => {
  if (connection === undefined) return readKey(authorization);
  const shown = shownOn.get(connection);
  if (shown?.authorization === authorization) return shown.key;
  const key = readKey(authorization);
  shownOn.set(connection, { authorization, key });
  return key;
};

/**
 * Who holds the key of an `Authorization` header. `connection`: what it came on, where that is known.
 * @throws {ChasquiError} `unauthenticated`
 */
export const authenticate = (
  service: Service,
  authorization: string | undefined,
  connection?: object,
): Eventually<Principal> => {
  if (authorization === undefined) throw unauthenticated();
  const presented = presentedOn(connection, authorization);
  return whenThere(findPrincipal(service, service.operatorKeyHash, presented), known);
};

const known = (principal: Principal | undefined): Principal => {
  if (principal === undefined) throw unauthenticated();
  return principal;
};

/** The same for `?ticket=`, where there is no key. @throws {ChasquiError} `unauthenticated` */
export const authenticateTicket = async (service: Service, rawQuery: string): Promise<Principal> => {
  const text = new URLSearchParams(rawQuery).get('ticket');
  const principal = text === null ? undefined : await principalOfTicket(service, text);
  if (principal === undefined) throw unauthenticated();
  return principal;
};

/** Whether a header that opened something is still as good. */
export const isStillAuthentic = async (service: Service, authorization: string): Promise<boolean> => {
  try {
    await authenticate(service, authorization);
    return true;
  } catch (error) {
    if (error instanceof ChasquiError && error.code === 'unauthenticated') return false;
    throw error;
  }
};
