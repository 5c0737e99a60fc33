import { ChasquiError } from '../contract/errors.ts';
import { findPrincipal } from '../tenancy/find-principal.ts';
import type { Principal } from '../tenancy/principal.ts';
import type { Service } from './service.ts';

/** RFC 6750, the scheme in any case (RFC 9110 section 11.1). Longer than any key of ours: an operator's key may be any text. */
const BEARER = /^bearer +([\x21-\x7e]{1,1024})$/i;

/** One answer for no key, an unknown, an expired and a revoked one: it says nothing about which. */
export const unauthenticated = (): ChasquiError =>
  new ChasquiError('unauthenticated', 'Give a valid API key: Authorization: Bearer <key>.');

/** @throws {ChasquiError} `unauthenticated` */
export const authenticate = async (service: Service, authorization: string | undefined): Promise<Principal> => {
  const token = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
  if (token === undefined) throw unauthenticated();
  const principal = await findPrincipal(service, service.operatorKeyHash, token);
  if (principal === undefined) throw unauthenticated();
  return principal;
};
