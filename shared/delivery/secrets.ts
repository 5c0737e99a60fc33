import type { TenantId } from '../contract/ids.ts';
import { SECRET_PREFIX } from '../lib/webhook-signature.ts';
import type { Random } from '../ports/random.ts';
import type { SealedSecret, Subscription } from '../ports/subscription-store.ts';
import type { Vault } from '../ports/vault.ts';

/** Standard Webhooks asks for 24 to 64. */
const SECRET_BYTES = 32;
/** How long the secret before the newest signs too. */
export const OVERLAP_MS = 24 * 60 * 60 * 1000;
/** Of one subscription: a header of signatures has to stay short, however often somebody rotates. */
const MAX_SECRETS = 4;

const contextOf = (tenant: TenantId, uid: string): string => `${tenant}/${uid}`;

export const newSecret = (random: Pick<Random, 'bytes'>): string =>
  `${SECRET_PREFIX}${Buffer.from(random.bytes(SECRET_BYTES)).toString('base64')}`;

export const sealSecret = (vault: Vault, tenant: TenantId, uid: string, secret: string): SealedSecret => ({
  sealed: vault.seal(secret, contextOf(tenant, uid)),
});

/** The newest in front; those before it sign until the overlap ends. */
export const withNewSecret = (
  secrets: readonly SealedSecret[],
  newest: SealedSecret,
  now: number,
): readonly SealedSecret[] => {
  const end = now + OVERLAP_MS;
  const overlapping = secrets
    .map(({ sealed, expiresAt }) => ({ sealed, expiresAt: Math.min(expiresAt ?? end, end) }))
    .filter(({ expiresAt }) => expiresAt > now);
  return [newest, ...overlapping].slice(0, MAX_SECRETS);
};

/** Those that sign now. Opened with every call: a secret does not lie about in memory. */
export const openSecrets = (
  vault: Vault,
  tenant: TenantId,
  { uid, secrets }: Pick<Subscription, 'uid' | 'secrets'>,
  now: number,
): string[] =>
  secrets
    .filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)
    .map(({ sealed }) => vault.open(sealed, contextOf(tenant, uid)));
