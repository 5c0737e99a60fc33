import { QUOTA_NAMES } from '../../shared/contract/schemas/tenant.ts';
import { json, noContent } from '../../shared/http/answer.ts';
import type { Handlers } from '../../shared/http/edge-request.ts';
import type { Service } from '../../shared/http/service.ts';
import { deleteTenant } from '../../shared/tenancy/delete-tenant.ts';
import { getTenant, listTenants, type PutTenant, putTenant } from '../../shared/tenancy/tenants.ts';

type Tenant = PutTenant['tenant'];

/** Every quota is the deployment's default, which is none, until quotas are enforced. */
const NO_QUOTAS = Object.fromEntries(QUOTA_NAMES.map((name) => [name, null]));

const shown = ({ id, name, createdAt }: Tenant) => ({ id, name, quotas: NO_QUOTAS, createdAt });

export const tenantHandlers = (service: Service) =>
  ({
    putTenant: async ({ params, body }) => {
      const { tenant, created } = await putTenant(service, params.tenant, body.name);
      return json(created ? 201 : 200, shown(tenant));
    },
    getTenant: async ({ params }) => json(200, shown(await getTenant(service, params.tenant))),
    deleteTenant: async ({ params, query }) => {
      const { confirm, cascade } = query;
      await deleteTenant(service, { id: params.tenant, confirm, cascade: cascade === 'true' });
      return noContent();
    },
    listTenants: async ({ query }) => {
      const { items, nextCursor } = await listTenants(service, query);
      return json(200, { data: items.map(shown), nextCursor });
    },
  }) satisfies Handlers;
