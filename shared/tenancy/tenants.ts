import type { TenantId } from '../contract/ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { Tenant } from '../ports/tenant-registry.ts';
import { tenantGone } from './keys.ts';
import { type ListPage, type ListQuery, listPage } from './list-page.ts';
import { retryConditional } from './retry-conditional.ts';

type TenantPorts = Pick<Ports, 'tenants' | 'clock'>;

export interface PutTenant {
  readonly tenant: Tenant;
  readonly created: boolean;
}

/** Creates the tenant, or updates it. A name left out is the id when created, and stays as it is when updated. */
export const putTenant = (ports: TenantPorts, id: TenantId, name: string | undefined): Promise<PutTenant> =>
  retryConditional(async () => {
    const seen = await ports.tenants.get(id);
    if (seen === undefined) {
      const tenant = { id, name: name ?? id, createdAt: new Date(ports.clock.now()).toISOString() };
      return (await ports.tenants.create(tenant)) ? { tenant, created: true } : undefined;
    }
    const tenant = { ...seen, name: name ?? seen.name };
    if (tenant.name === seen.name) return { tenant: seen, created: false };
    return (await ports.tenants.replace(seen, tenant)) ? { tenant, created: false } : undefined;
  });

/** @throws {ChasquiError} `tenant_not_found` */
export const getTenant = async (ports: Pick<Ports, 'tenants'>, id: TenantId): Promise<Tenant> => {
  const tenant = await ports.tenants.get(id);
  if (tenant === undefined) throw tenantGone();
  return tenant;
};

/** @throws {ChasquiError} `invalid_cursor` */
export const listTenants = (ports: Pick<Ports, 'tenants'>, query: ListQuery): Promise<ListPage<Tenant>> =>
  listPage(
    {
      list: 'tenants',
      read: (page) => ports.tenants.list(page),
      nameOf: (tenant) => tenant.id,
      visible: () => true,
    },
    query,
  );
