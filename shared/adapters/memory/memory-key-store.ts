import { isDeepStrictEqual } from 'node:util';
import type { TenantId } from '../../contract/ids.ts';
import type { KeyStore, StoredKey } from '../../ports/key-store.ts';
import { pageOfNames } from './page-of-names.ts';

interface TenantKeys {
  readonly byId: Map<string, StoredKey>;
  readonly bySecret: Map<string, StoredKey>;
}

const put = ({ byId, bySecret }: TenantKeys, key: StoredKey): void => {
  byId.set(key.id, key);
  for (const { sha256 } of key.secrets) bySecret.set(sha256, key);
};

const drop = ({ byId, bySecret }: TenantKeys, key: StoredKey): void => {
  byId.delete(key.id);
  for (const { sha256 } of key.secrets) bySecret.delete(sha256);
};

/** Keys in maps, by id and by secret; for tests. */
export const createMemoryKeyStore = (): KeyStore => {
  const tenants = new Map<TenantId, TenantKeys>();
  const keysOf = (tenant: TenantId): TenantKeys => {
    const keys = tenants.get(tenant) ?? { byId: new Map(), bySecret: new Map() };
    tenants.set(tenant, keys);
    return keys;
  };
  return {
    create: async (tenant, key) => {
      const keys = keysOf(tenant);
      if (keys.byId.has(key.id)) return false;
      put(keys, key);
      return true;
    },
    get: async (tenant, id) => keysOf(tenant).byId.get(id),
    findBySecret: async (tenant, sha256) => keysOf(tenant).bySecret.get(sha256),
    list: async (tenant, page) => {
      const { byId } = keysOf(tenant);
      return pageOfNames(byId.keys(), page).map((id) => byId.get(id)!);
    },
    replace: async (tenant, seen, next) => {
      const keys = keysOf(tenant);
      if (!isDeepStrictEqual(keys.byId.get(seen.id), seen)) return false;
      drop(keys, seen);
      put(keys, next);
      return true;
    },
    remove: async (tenant, id) => {
      const keys = keysOf(tenant);
      const key = keys.byId.get(id);
      if (key !== undefined) drop(keys, key);
      return key !== undefined;
    },
  };
};
