import { tenantOfKeyToken } from '../contract/key-token.ts';
import { equalDigests, sha256 } from '../lib/sha256.ts';
import type { StoredKey } from '../ports/key-store.ts';
import type { Ports } from '../ports/ports.ts';
import type { Principal, TenantPrincipal } from './principal.ts';

const OPERATOR: Principal = { kind: 'operator', keyId: 'operator' };

const isOver = (expiresAt: number | undefined, now: number): boolean => expiresAt !== undefined && expiresAt <= now;

/** The secret is looked for again in what the store gave: a look-up that was wrong opens nothing. */
const isAlive = (key: StoredKey, digest: Buffer, now: number): boolean =>
  !isOver(key.expiresAt, now) &&
  key.secrets.some(
    (secret) => equalDigests(Buffer.from(secret.sha256, 'hex'), digest) && !isOver(secret.expiresAt, now),
  );

/**
 * Whose key this is; undefined for a key that is unknown, forged, expired or revoked, all the same to the caller. The tenant is read
 * from the key's own text, so that the look-up stays within that tenant, and is proved by the hash of the whole text.
 */
export const findPrincipal = async (
  ports: Pick<Ports, 'keys' | 'clock'>,
  operatorKeyHash: Uint8Array,
  token: string,
): Promise<Principal | undefined> => {
  const hash = sha256(token);
  const digest = Buffer.from(hash, 'hex');
  if (equalDigests(digest, operatorKeyHash)) return OPERATOR;
  const tenant = tenantOfKeyToken(token);
  if (tenant === undefined) return undefined;
  const key = await ports.keys.findBySecret(tenant, hash);
  if (key === undefined || !isAlive(key, digest, ports.clock.now())) return undefined;
  const principal: TenantPrincipal = { kind: 'tenant', tenant, keyId: key.id, scopes: key.scopes };
  return key.expiresAt === undefined ? principal : { ...principal, expiresAt: key.expiresAt };
};
