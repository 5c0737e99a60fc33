import { type Eventually, whenThere } from '../lib/eventually.ts';
import type { Ports } from '../ports/ports.ts';
import type { PresentedKey } from './presented-key.ts';
import type { Principal } from './principal.ts';

const OPERATOR: Principal = { kind: 'operator', keyId: 'operator' };

/**
 * Whose key this is; undefined for a key that is unknown, forged, expired or revoked, all the same to the caller. The tenant is read
 * from the key's own text, so that the look-up stays within that tenant, and is proved by the hash of the whole text.
 */
export const findPrincipal = (
  ports: Pick<Ports, 'keys' | 'clock'>,
  operatorKeyHash: Uint8Array,
  presented: PresentedKey,
): Eventually<Principal | undefined> => {
  const { tenant, sha256 } = presented;
  if (presented.isOperator(operatorKeyHash)) return OPERATOR;
  if (tenant === undefined) return undefined;
  return whenThere(
    ports.keys.findBySecret(tenant, sha256),
    (key) => key && presented.opens(tenant, key, ports.clock.now()),
  );
};
