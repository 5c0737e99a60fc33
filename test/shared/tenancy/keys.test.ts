import { beforeEach, describe, expect, it } from 'vitest';
import type { KeyId } from '../../../shared/contract/ids.ts';
import type { Action, Scope } from '../../../shared/contract/scope.ts';
import { sha256 } from '../../../shared/lib/sha256.ts';
import { findPrincipal } from '../../../shared/tenancy/find-principal.ts';
import { createKey, listKeys, type NewKey, revokeKey } from '../../../shared/tenancy/keys.ts';
import { PresentedKey } from '../../../shared/tenancy/presented-key.ts';
import type { Principal } from '../../../shared/tenancy/principal.ts';
import { rotateKey } from '../../../shared/tenancy/rotate-key.ts';
import { putTenant } from '../../../shared/tenancy/tenants.ts';
import { type MemoryPorts, memoryPorts } from '../../support/memory-ports.ts';
import { tenantId } from '../../support/memory-service.ts';

const TENANT = tenantId('acme');
const OPERATOR: Principal = { kind: 'operator', keyId: 'operator' };
const OPERATOR_HASH = Buffer.from(sha256('the operator'), 'hex');
const refusal = (code: string) => expect.objectContaining({ code });
const scope = (actions: Action[], ...topics: string[]): Scope[] => [{ actions, topics }];

let ports: MemoryPorts;
const whose = (token: string) => findPrincipal(ports, OPERATOR_HASH, new PresentedKey(token));
const make = (giver: Principal, scopes: readonly Scope[], expiresAt?: number): Promise<NewKey> => {
  const expiry = expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() };
  const body = {
    name: 'k',
    scopes: scopes.map(({ actions, topics }) => ({ actions: [...actions], topics: [...topics] })),
  };
  return createKey(ports, giver, TENANT, { ...body, ...expiry });
};
const holder = async (scopes: readonly Scope[], expiresAt?: number): Promise<Principal> =>
  (await whose((await make(OPERATOR, scopes, expiresAt)).token)) as Principal;
const rotate = (giver: Principal, id: KeyId, overlapMs: number) => rotateKey(ports, giver, TENANT, { id, overlapMs });

beforeEach(async () => {
  ports = memoryPorts();
  await putTenant(ports, TENANT, undefined);
});

describe('createKey', () => {
  it('keeps the hash of the secret, and never the secret', async () => {
    const { stored, token } = await make(OPERATOR, scope(['fetch'], '*'));
    expect(JSON.stringify(await ports.keys.get(TENANT, stored.id))).not.toContain(token);
    expect(await whose(token)).toEqual({ kind: 'tenant', tenant: TENANT, keyId: stored.id, scopes: stored.scopes });
  });

  it('refuses a time that has passed', async () => {
    await expect(make(OPERATOR, scope(['fetch'], '*'), ports.clock.now())).rejects.toThrow(refusal('invalid_request'));
  });

  it('gives out no longer life than its own', async () => {
    const end = ports.clock.now() + 1000;
    const manager = await holder(scope(['manage', 'fetch'], '*'), end);
    await expect(make(manager, scope(['fetch'], 'a'))).rejects.toThrow(refusal('forbidden'));
    await expect(make(manager, scope(['fetch'], 'a'), end + 1)).rejects.toThrow(refusal('forbidden'));
    expect((await make(manager, scope(['fetch'], 'a'), end)).stored.expiresAt).toBe(end);
  });

  it('leaves no key behind where the tenant is deleted meanwhile', async () => {
    const { create } = ports.keys;
    ports.keys.create = async (tenant, key) => {
      await ports.tenants.remove(tenant);
      return create(tenant, key);
    };
    await expect(make(OPERATOR, scope(['fetch'], '*'))).rejects.toThrow(refusal('tenant_not_found'));
    expect(await ports.keys.list(TENANT, { limit: 10 })).toEqual([]);
  });
});

describe('findPrincipal', () => {
  it('knows the operator by the hash', async () => {
    expect(await whose('the operator')).toEqual(OPERATOR);
    expect(await whose('the operator ')).toBeUndefined();
  });

  it('does not trust a store that gives it the wrong key', async () => {
    const { token } = await make(OPERATOR, scope(['fetch'], '*'));
    const [other] = await ports.keys.list(TENANT, { limit: 1 });
    ports.keys.findBySecret = async () => (other ? { ...other, secrets: [{ sha256: sha256('another') }] } : undefined);
    expect(await whose(token)).toBeUndefined();
  });

  it('ends a key at its time, to the millisecond', async () => {
    const { token } = await make(OPERATOR, scope(['fetch'], '*'), ports.clock.now() + 1000);
    await ports.clock.advance(999);
    expect(await whose(token)).toBeDefined();
    await ports.clock.advance(1);
    expect(await whose(token)).toBeUndefined();
  });
});

describe('rotateKey', () => {
  it('gives the key a new secret at once, and the old ones until the overlap ends', async () => {
    const { stored, token } = await make(OPERATOR, scope(['fetch'], '*'));
    const second = await rotate(OPERATOR, stored.id, 1000);
    expect(second.stored.id).toBe(stored.id);
    await ports.clock.advance(500);
    const third = await rotate(OPERATOR, stored.id, 60_000);
    expect(await Promise.all([token, second.token, third.token].map(whose))).not.toContain(undefined);
    await ports.clock.advance(500);
    expect(await whose(token)).toBeUndefined();
    expect(await whose(second.token)).toBeDefined();
    await rotate(OPERATOR, stored.id, 0);
    expect(await whose(third.token)).toBeUndefined();
    expect(await whose(second.token)).toBeUndefined();
  });

  it('is giving out: not more than one has, nor for longer', async () => {
    const mighty = await make(OPERATOR, scope(['produce', 'fetch'], '*'));
    const manager = await holder(scope(['manage'], '*'));
    await expect(rotate(manager, mighty.stored.id, 0)).rejects.toThrow(refusal('forbidden'));
    const passing = await holder(scope(['manage', 'produce', 'fetch'], '*'), ports.clock.now() + 1000);
    await expect(rotate(passing, mighty.stored.id, 0)).rejects.toThrow(refusal('forbidden'));
    expect(await whose(mighty.token)).toBeDefined();
  });

  it('refuses a key that has expired, and one secret too many', async () => {
    const short = await make(OPERATOR, scope(['fetch'], '*'), ports.clock.now() + 10);
    await ports.clock.advance(10);
    await expect(rotate(OPERATOR, short.stored.id, 0)).rejects.toThrow(refusal('conflict'));
    const { stored } = await make(OPERATOR, scope(['fetch'], '*'));
    for (let n = 0; n < 7; n++) await rotate(OPERATOR, stored.id, 60_000);
    await expect(rotate(OPERATOR, stored.id, 60_000)).rejects.toThrow(refusal('conflict'));
    await ports.clock.advance(60_000);
    await rotate(OPERATOR, stored.id, 60_000);
  });

  it('loses no secret when two rotate at once', async () => {
    const { stored } = await make(OPERATOR, scope(['fetch'], '*'));
    const made = await Promise.all([1, 2, 3].map(() => rotate(OPERATOR, stored.id, 1000)));
    expect(await Promise.all(made.map(({ token }) => whose(token)))).not.toContain(undefined);
  });
});

describe('revokeKey and listKeys', () => {
  it('are for the keys on whose topics one has manage, and for oneself', async () => {
    const logs = await make(OPERATOR, scope(['produce'], 'logs.a', 'logs.b*'));
    const orders = await make(OPERATOR, scope(['fetch'], 'orders'));
    const manager = await holder(scope(['manage'], 'logs.*'));
    const { items } = await listKeys(ports, manager, TENANT, { limit: 10 });
    expect(items.map(({ id }) => id)).toEqual([logs.stored.id, manager.keyId]);
    await expect(revokeKey(ports, manager, TENANT, orders.stored.id)).rejects.toThrow(refusal('forbidden'));
    await revokeKey(ports, manager, TENANT, logs.stored.id);
    expect(await whose(logs.token)).toBeUndefined();
    await revokeKey(ports, manager, TENANT, manager.keyId as KeyId);
    await expect(revokeKey(ports, OPERATOR, TENANT, logs.stored.id)).rejects.toThrow(refusal('key_not_found'));
  });
});
