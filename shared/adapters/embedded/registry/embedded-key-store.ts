import type { KeyId, TenantId } from '../../../contract/ids.ts';
import type { KeyStore, StoredKey } from '../../../ports/key-store.ts';
import type { IndexTables, TableWriter } from '../index/index-tables.ts';
import { namedKey } from '../index/keys.ts';
import { JsonTable } from './json-table.ts';
import type { Serial } from './serial.ts';

/** API keys in LMDB, with a table from secrets' hashes to ids; every write is synced before it resolves. */
export const createEmbeddedKeyStore = (tables: IndexTables, serial: Serial): KeyStore => {
  const keys = new JsonTable<StoredKey>(tables, 'keys');
  const secrets = new JsonTable<KeyId>(tables, 'secrets');
  const store = (batch: TableWriter, tenant: TenantId, key: StoredKey): void => {
    keys.put(batch, namedKey(tenant, key.id), key);
    for (const { sha256 } of key.secrets) secrets.put(batch, namedKey(tenant, sha256), key.id);
  };
  const forget = (batch: TableWriter, tenant: TenantId, key: StoredKey): void => {
    batch.remove('keys', namedKey(tenant, key.id));
    for (const { sha256 } of key.secrets) batch.remove('secrets', namedKey(tenant, sha256));
  };
  const get = (tenant: TenantId, id: KeyId): StoredKey | undefined => keys.get(namedKey(tenant, id));
  return {
    create: (tenant, key) =>
      serial.run(async () => {
        if (get(tenant, key.id) !== undefined) return false;
        await tables.write((batch) => store(batch, tenant, key));
        return true;
      }),
    get: async (tenant, id) => get(tenant, id),
    findBySecret: async (tenant, sha256) => {
      const id = secrets.get(namedKey(tenant, sha256));
      return id === undefined ? undefined : get(tenant, id);
    },
    list: async (tenant, page) => keys.list(namedKey(tenant, ''), page),
    replace: (tenant, seen, next) =>
      serial.run(async () => {
        if (!keys.isStill(namedKey(tenant, seen.id), seen)) return false;
        await tables.write((batch) => {
          forget(batch, tenant, seen);
          store(batch, tenant, next);
        });
        return true;
      }),
    remove: (tenant, id) =>
      serial.run(async () => {
        const key = get(tenant, id);
        if (key === undefined) return false;
        await tables.write((batch) => forget(batch, tenant, key));
        return true;
      }),
  };
};
