import type { TenantId } from '../../../contract/ids.ts';
import type { Tenant, TenantRegistry } from '../../../ports/tenant-registry.ts';
import type { IndexTables } from '../index/index-tables.ts';
import { JsonTable } from './json-table.ts';
import type { Serial } from './serial.ts';

const NO_PREFIX = Buffer.alloc(0);
const keyOf = (id: TenantId): Buffer => Buffer.from(id);

/** Tenants in LMDB; every write is synced before it resolves. */
export const createEmbeddedTenantRegistry = (tables: IndexTables, serial: Serial): TenantRegistry => {
  const tenants = new JsonTable<Tenant>(tables, 'tenants');
  return {
    create: (tenant) =>
      serial.run(async () => {
        const key = keyOf(tenant.id);
        if (tenants.get(key) !== undefined) return false;
        await tables.write((batch) => tenants.put(batch, key, tenant));
        return true;
      }),
    get: async (id) => tenants.get(keyOf(id)),
    list: async (page) => tenants.list(NO_PREFIX, page),
    replace: (seen, next) =>
      serial.run(async () => {
        const key = keyOf(seen.id);
        if (!tenants.isStill(key, seen)) return false;
        await tables.write((batch) => tenants.put(batch, key, next));
        return true;
      }),
    remove: (id) =>
      serial.run(async () => {
        const key = keyOf(id);
        if (tenants.get(key) === undefined) return false;
        await tables.write((batch) => batch.remove('tenants', key));
        return true;
      }),
  };
};
