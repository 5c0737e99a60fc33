import { LIMITS } from '../limits.ts';
import type { Route } from '../route.ts';
import { DELETE_TENANT_QUERY, LIST_QUERY, NO_QUERY } from '../schemas/query.ts';
import { QUOTA_NAMES, TENANT, TENANT_PAGE, TENANT_SETTINGS } from '../schemas/tenant.ts';

const TENANT_EXAMPLE = {
  id: 'acme',
  name: 'Acme Corporation',
  quotas: Object.fromEntries(QUOTA_NAMES.map((name) => [name, null])),
  createdAt: '2026-01-31T12:00:00.000Z',
};

const shared = { function: 'admin', tag: 'Tenants', credential: 'operator', body: { kind: 'none' } } as const;
const one = { ...shared, path: '/v1/tenants/:tenant', query: NO_QUERY } as const;
const shown = { description: 'The tenant as it now stands.', schema: TENANT, example: TENANT_EXAMPLE } as const;

export const TENANT_ROUTES = {
  putTenant: {
    ...one,
    method: 'PUT',
    body: {
      kind: 'json',
      schema: TENANT_SETTINGS,
      maxBytes: LIMITS.metadataRequestBytes,
      example: { name: 'Acme Corporation' },
    },
    summary: 'Create or update a tenant',
    answers: { 200: shown, 201: { ...shown, description: 'The new tenant.' } },
    errors: ['invalid_json', 'payload_too_large', 'unsupported_media_type', 'conflict'],
  },
  getTenant: {
    ...one,
    method: 'GET',
    summary: 'Show a tenant',
    answers: { 200: { ...shown, description: 'The tenant.' } },
    errors: ['tenant_not_found'],
  },
  deleteTenant: {
    ...one,
    method: 'DELETE',
    query: DELETE_TENANT_QUERY,
    summary: 'Delete a tenant and its keys',
    description: "`confirm` has to be the tenant's id. Refused with 409 while topics exist, unless `cascade=true`.",
    answers: { 204: { description: 'It is gone.' } },
    errors: ['tenant_not_found', 'conflict'],
  },
  listTenants: {
    ...shared,
    method: 'GET',
    path: '/v1/tenants',
    query: LIST_QUERY,
    summary: 'List the tenants',
    answers: {
      200: {
        description: 'Tenants in the order of their ids.',
        schema: TENANT_PAGE,
        example: { data: [TENANT_EXAMPLE], nextCursor: null },
      },
    },
    errors: ['invalid_cursor'],
  },
} as const satisfies Record<string, Route>;
