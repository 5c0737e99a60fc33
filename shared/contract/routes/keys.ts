import { LIMITS } from '../limits.ts';
import type { Route } from '../route.ts';
import { KEY_PAGE, KEY_WITH_SECRET, NEW_KEY, ROTATION } from '../schemas/key.ts';
import { LIST_QUERY, NO_QUERY } from '../schemas/query.ts';

const KEY_EXAMPLE = {
  id: '0199c0de-0000-7000-8000-000000000002',
  name: 'web shop',
  scopes: [{ actions: ['produce', 'fetch'], topics: ['orders', 'logs.*'] }],
  createdAt: '2026-01-31T12:00:00.000Z',
  expiresAt: null,
};
const SECRET_EXAMPLE = { ...KEY_EXAMPLE, key: 'chq_acme_…' };

const METHODS = {
  create: {
    function: 'admin',
    tag: 'Keys',
    method: 'POST',
    query: NO_QUERY,
    body: {
      kind: 'json',
      schema: NEW_KEY,
      maxBytes: LIMITS.metadataRequestBytes,
      example: { name: 'web shop', scopes: KEY_EXAMPLE.scopes },
    },
    summary: 'Create a key',
    answers: {
      201: { description: 'The secret is shown this once.', schema: KEY_WITH_SECRET, example: SECRET_EXAMPLE },
    },
    errors: ['invalid_json', 'payload_too_large', 'unsupported_media_type'],
  },
  list: {
    function: 'admin',
    tag: 'Keys',
    method: 'GET',
    query: LIST_QUERY,
    body: { kind: 'none' },
    summary: 'List the keys',
    answers: {
      200: {
        description: 'Keys in the order of their ids, without their secrets.',
        schema: KEY_PAGE,
        example: { data: [KEY_EXAMPLE], nextCursor: null },
      },
    },
    errors: ['invalid_cursor'],
  },
  revoke: {
    function: 'admin',
    tag: 'Keys',
    method: 'DELETE',
    query: NO_QUERY,
    body: { kind: 'none' },
    summary: 'Revoke a key',
    answers: { 204: { description: 'It opens nothing any more.' } },
    errors: ['key_not_found'],
  },
  rotate: {
    function: 'admin',
    tag: 'Keys',
    method: 'POST',
    query: NO_QUERY,
    body: {
      kind: 'json',
      schema: ROTATION,
      maxBytes: LIMITS.metadataRequestBytes,
      example: { overlapMs: 60000 },
    },
    summary: 'Give a key a new secret',
    description: 'The secret before it works until `overlapMs` (0) have passed.',
    answers: {
      201: { description: 'The new secret is shown this once.', schema: KEY_WITH_SECRET, example: SECRET_EXAMPLE },
    },
    errors: ['invalid_json', 'payload_too_large', 'unsupported_media_type', 'key_not_found', 'conflict'],
  },
} as const satisfies Record<string, Omit<Route, 'path' | 'credential'>>;

const operator = { credential: 'operator' } as const;
const own = { credential: 'tenant', keyAction: 'manage' } as const;

/** The operator names the tenant in the path; a tenant's own keys never do. */
export const KEY_ROUTES = {
  createTenantKey: {
    ...METHODS.create,
    ...operator,
    path: '/v1/tenants/:tenant/keys',
    errors: [...METHODS.create.errors, 'tenant_not_found'],
  },
  listTenantKeys: {
    ...METHODS.list,
    ...operator,
    path: '/v1/tenants/:tenant/keys',
    errors: [...METHODS.list.errors, 'tenant_not_found'],
  },
  revokeTenantKey: {
    ...METHODS.revoke,
    ...operator,
    path: '/v1/tenants/:tenant/keys/:key',
    errors: [...METHODS.revoke.errors, 'tenant_not_found'],
  },
  rotateTenantKey: {
    ...METHODS.rotate,
    ...operator,
    path: '/v1/tenants/:tenant/keys/:key/rotate',
    errors: [...METHODS.rotate.errors, 'tenant_not_found'],
  },
  createKey: { ...METHODS.create, ...own, path: '/v1/keys' },
  listKeys: { ...METHODS.list, ...own, path: '/v1/keys' },
  revokeKey: { ...METHODS.revoke, ...own, path: '/v1/keys/:key' },
  rotateKey: { ...METHODS.rotate, ...own, path: '/v1/keys/:key/rotate' },
} as const satisfies Record<string, Route>;
