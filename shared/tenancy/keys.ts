import { ChasquiError, invalidField } from '../contract/errors.ts';
import { type KeyId, parseKeyId, type TenantId } from '../contract/ids.ts';
import { formatKeyToken, SECRET_BYTES } from '../contract/key-token.ts';
import type { BodyOf } from '../contract/routes.ts';
import { sha256 } from '../lib/sha256.ts';
import type { StoredKey } from '../ports/key-store.ts';
import type { Ports } from '../ports/ports.ts';
import { mayRevoke, refuseToExceed } from './key-grant.ts';
import { type ListPage, type ListQuery, listPage } from './list-page.ts';
import type { Principal } from './principal.ts';

export type KeyPorts = Pick<Ports, 'keys' | 'tenants' | 'random' | 'clock'>;

/** A key and, this once, its secret. */
export interface NewKey {
  readonly stored: StoredKey;
  readonly token: string;
}

export const keyGone = (): ChasquiError => new ChasquiError('key_not_found', 'There is no key of this id.');
export const tenantGone = (): ChasquiError => new ChasquiError('tenant_not_found', 'There is no tenant of this id.');

export const newSecret = (ports: Pick<Ports, 'random'>, tenant: TenantId): { token: string; sha256: string } => {
  const token = formatKeyToken(tenant, ports.random.bytes(SECRET_BYTES));
  return { token, sha256: sha256(token) };
};

/** The last that RFC 3339 can write; another offset than UTC's may name a later one. */
const LAST_TIME = Date.parse('9999-12-31T23:59:59.999Z');

const expiryOf = (ports: KeyPorts, text: string | undefined): { expiresAt?: number } => {
  if (text === undefined) return {};
  const expiresAt = Date.parse(text);
  if (expiresAt > LAST_TIME) throw invalidField('expiresAt', 'must be before the year 10000, in UTC');
  if (expiresAt <= ports.clock.now()) throw invalidField('expiresAt', 'must be in the future');
  return { expiresAt };
};

/** @throws {ChasquiError} `invalid_request`, `forbidden`, `tenant_not_found` */
export const createKey = async (
  ports: KeyPorts,
  giver: Principal,
  tenant: TenantId,
  body: BodyOf<'createKey'>,
): Promise<NewKey> => {
  const grant = { scopes: body.scopes, ...expiryOf(ports, body.expiresAt) };
  refuseToExceed(giver, grant);
  if ((await ports.tenants.get(tenant)) === undefined) throw tenantGone();
  const { token, sha256: hash } = newSecret(ports, tenant);
  const createdAt = new Date(ports.clock.now()).toISOString();
  const stored = { id: newKeyId(ports), name: body.name, ...grant, createdAt, secrets: [{ sha256: hash }] };
  await storeKey(ports, tenant, stored);
  return { stored, token };
};

const newKeyId = (ports: KeyPorts): KeyId => {
  const id = parseKeyId(ports.random.uuid());
  if (id === undefined) throw new Error('A key id could not be made.');
  return id;
};

/** A tenant that is deleted meanwhile must not leave a key behind. */
const storeKey = async (ports: KeyPorts, tenant: TenantId, key: StoredKey): Promise<void> => {
  if (!(await ports.keys.create(tenant, key))) throw new Error('A key id was made twice.');
  if ((await ports.tenants.get(tenant)) !== undefined) return;
  await ports.keys.remove(tenant, key.id);
  throw tenantGone();
};

/** Those that the caller may revoke. @throws {ChasquiError} `invalid_cursor` */
export const listKeys = (
  ports: Pick<Ports, 'keys'>,
  principal: Principal,
  tenant: TenantId,
  query: ListQuery,
): Promise<ListPage<StoredKey>> =>
  listPage(
    {
      list: `keys of ${tenant}`,
      read: (page) => ports.keys.list(tenant, page),
      nameOf: (key) => key.id,
      visible: (key) => mayRevoke(principal, key),
    },
    query,
  );

/** @throws {ChasquiError} `key_not_found`, `forbidden` */
export const revokeKey = async (
  ports: Pick<Ports, 'keys'>,
  principal: Principal,
  tenant: TenantId,
  id: KeyId,
): Promise<void> => {
  const key = await ports.keys.get(tenant, id);
  if (key === undefined) throw keyGone();
  if (!mayRevoke(principal, key)) {
    throw new ChasquiError('forbidden', 'The key lacks manage on some topic of the key to be revoked.');
  }
  if (!(await ports.keys.remove(tenant, id))) throw keyGone();
};
