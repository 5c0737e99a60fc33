import type { TenantId } from '../../contract/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { KeyStore } from '../../ports/key-store.ts';
import { type CacheBounds, createReadCache } from './read-cache.ts';

/**
 * Look-ups by secret from a small cache: a key that another instance took away is dead within `maxAgeMs`, one that this instance took
 * away at once. A write forgets all keys of its tenant: writes are rare, and a key has several secrets.
 */
export const cachedKeyStore = (inner: KeyStore, clock: Pick<Clock, 'now'>, bounds: CacheBounds): KeyStore => {
  const secrets = createReadCache((tenant, sha256) => inner.findBySecret(tenant, sha256), clock, bounds);
  const write = async (tenant: TenantId, perform: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await perform();
    } finally {
      secrets.forget(tenant);
    }
  };
  return {
    findBySecret: secrets.get,
    get: (tenant, id) => inner.get(tenant, id),
    list: (tenant, page) => inner.list(tenant, page),
    create: (tenant, key) => write(tenant, () => inner.create(tenant, key)),
    replace: (tenant, seen, next) => write(tenant, () => inner.replace(tenant, seen, next)),
    remove: (tenant, id) => write(tenant, () => inner.remove(tenant, id)),
  };
};
