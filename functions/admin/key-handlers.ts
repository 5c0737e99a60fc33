import type { KeyId, TenantId } from '../../shared/contract/ids.ts';
import type { BodyOf, QueryOf } from '../../shared/contract/routes.ts';
import { type Answer, json, noContent } from '../../shared/http/answer.ts';
import type { Handlers } from '../../shared/http/edge-request.ts';
import type { Service } from '../../shared/http/service.ts';
import { createKey, listKeys, type NewKey, revokeKey } from '../../shared/tenancy/keys.ts';
import type { Principal } from '../../shared/tenancy/principal.ts';
import { rotateKey } from '../../shared/tenancy/rotate-key.ts';
import { getTenant } from '../../shared/tenancy/tenants.ts';

type StoredKey = NewKey['stored'];

/** Never its secrets, nor their hashes. */
const shown = ({ id, name, scopes, createdAt, expiresAt }: StoredKey) => ({
  id,
  name,
  scopes,
  createdAt,
  expiresAt: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
});

/** The one answer that holds the secret; nothing on the way may keep it. */
const withSecret = ({ stored, token }: NewKey): Answer =>
  json(201, { ...shown(stored), key: token }, { 'cache-control': 'no-store' });

/** Who asks, and about which tenant's keys. */
interface Asked {
  readonly principal: Principal;
  readonly tenant: TenantId;
}

const actions = (service: Service) => ({
  create: async ({ principal, tenant }: Asked, body: BodyOf<'createKey'>) =>
    withSecret(await createKey(service, principal, tenant, body)),
  list: async ({ principal, tenant }: Asked, query: QueryOf<'listKeys'>) => {
    const { items, nextCursor } = await listKeys(service, principal, tenant, query);
    return json(200, { data: items.map(shown), nextCursor });
  },
  revoke: async ({ principal, tenant }: Asked, key: KeyId) => {
    await revokeKey(service, principal, tenant, key);
    return noContent();
  },
  rotate: async ({ principal, tenant }: Asked, id: KeyId, { overlapMs = 0 }: BodyOf<'rotateKey'>) =>
    withSecret(await rotateKey(service, principal, tenant, { id, overlapMs })),
});

/** The operator names the tenant, which has to be there; a tenant's own keys are of their own tenant. */
export const keyHandlers = (service: Service) => {
  const { create, list, revoke, rotate } = actions(service);
  const named = async (principal: Principal, id: TenantId): Promise<Asked> => ({
    principal,
    tenant: (await getTenant(service, id)).id,
  });
  return {
    createTenantKey: ({ principal, params, body }) => create({ principal, tenant: params.tenant }, body),
    listTenantKeys: async ({ principal, params, query }) => list(await named(principal, params.tenant), query),
    revokeTenantKey: async ({ principal, params }) => revoke(await named(principal, params.tenant), params.key),
    rotateTenantKey: async ({ principal, params, body }) =>
      rotate(await named(principal, params.tenant), params.key, body),
    createKey: (request) => create(request, request.body),
    listKeys: (request) => list(request, request.query),
    revokeKey: (request) => revoke(request, request.params.key),
    rotateKey: (request) => rotate(request, request.params.key, request.body),
  } satisfies Handlers;
};
