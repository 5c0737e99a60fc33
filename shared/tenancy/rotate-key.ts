import { ChasquiError } from '../contract/errors.ts';
import type { KeyId, TenantId } from '../contract/ids.ts';
import type { StoredKey, StoredSecret } from '../ports/key-store.ts';
import { refuseToExceed } from './key-grant.ts';
import { type KeyPorts, keyGone, type NewKey, newSecret } from './keys.ts';
import type { Principal } from './principal.ts';
import { retryConditional } from './retry-conditional.ts';

/** Of one key at a time. Nobody rotates faster than that and means it. */
const MAX_SECRETS = 8;

/** The old secrets end when the overlap does, or before where they already had an end. */
const overlapping = (key: StoredKey, now: number, overlapMs: number): StoredSecret[] => {
  const end = now + overlapMs;
  return key.secrets
    .map((secret) => ({ ...secret, expiresAt: Math.min(secret.expiresAt ?? end, end) }))
    .filter((secret) => secret.expiresAt > now);
};

const refuseExpired = (key: StoredKey, now: number): void => {
  if (key.expiresAt !== undefined && key.expiresAt <= now) throw new ChasquiError('conflict', 'The key has expired.');
};

/**
 * Gives a key another secret; those before it work until `overlapMs` have passed.
 * @throws {ChasquiError} `key_not_found`, `forbidden` (rotating is giving out), `conflict`
 */
export const rotateKey = (
  ports: KeyPorts,
  giver: Principal,
  tenant: TenantId,
  rotation: { readonly id: KeyId; readonly overlapMs: number },
): Promise<NewKey> =>
  retryConditional(async () => {
    const seen = await ports.keys.get(tenant, rotation.id);
    if (seen === undefined) throw keyGone();
    refuseToExceed(giver, seen);
    const now = ports.clock.now();
    refuseExpired(seen, now);
    const { token, sha256 } = newSecret(ports, tenant);
    const stored: StoredKey = { ...seen, secrets: [{ sha256 }, ...overlapping(seen, now, rotation.overlapMs)] };
    if (stored.secrets.length > MAX_SECRETS) {
      throw new ChasquiError('conflict', `A key has at most ${MAX_SECRETS} secrets that overlap.`);
    }
    return (await ports.keys.replace(tenant, seen, stored)) ? { stored, token } : undefined;
  });
