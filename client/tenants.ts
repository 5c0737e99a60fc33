import type { Page, PageQuery } from './page.ts';
import { jsonOf, pathOf, type Transport } from './transport.ts';

export interface Tenant {
  readonly id: string;
  readonly name: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

/** What `put` answers: `created` tells whether the tenant is new. */
export type PutTenant = Tenant & { readonly created: boolean };

/** The tenants of a deployment; for the operator's key only. */
export const tenantsOf = (transport: Transport) => ({
  put: async (id: string, fields: { readonly name?: string } = {}): Promise<PutTenant> => {
    const answer = await transport({ method: 'PUT', path: pathOf('v1', 'tenants', id), json: fields });
    return { ...jsonOf<Tenant>(answer), created: answer.status === 201 };
  },
  get: async (id: string): Promise<Tenant> =>
    jsonOf(await transport({ method: 'GET', path: pathOf('v1', 'tenants', id) })),
  list: async (query: PageQuery = {}): Promise<Page<Tenant>> =>
    jsonOf(await transport({ method: 'GET', path: '/v1/tenants', query: { ...query } })),
  /** Gives the confirmation that the route asks for. Refused (409 `conflict`) while there are topics, unless `cascade`. */
  delete: async (id: string, { cascade = false } = {}): Promise<void> => {
    const query = { confirm: id, cascade: cascade ? true : undefined };
    await transport({ method: 'DELETE', path: pathOf('v1', 'tenants', id), query });
  },
});
