import { isDeepStrictEqual } from 'node:util';
import type { Tenant, TenantRegistry } from '../../ports/tenant-registry.ts';
import { pageOfNames } from './page-of-names.ts';

/** Tenants in a map; for tests. */
export const createMemoryTenantRegistry = (): TenantRegistry => {
  const tenants = new Map<string, Tenant>();
  return {
    create: async (tenant) => {
      if (tenants.has(tenant.id)) return false;
      tenants.set(tenant.id, tenant);
      return true;
    },
    get: async (id) => tenants.get(id),
    list: async (page) => pageOfNames(tenants.keys(), page).map((id) => tenants.get(id)!),
    replace: async (seen, next) => {
      if (!isDeepStrictEqual(tenants.get(seen.id), seen)) return false;
      tenants.set(seen.id, next);
      return true;
    },
    remove: async (id) => tenants.delete(id),
  };
};
