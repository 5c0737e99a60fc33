import type { KeyId, TenantId } from '../../contract/ids.ts';
import { sortedJson } from '../../lib/sorted-json.ts';
import type { KeyStore, StoredKey } from '../../ports/key-store.ts';
import { keysPartition, namedKey, secretKey } from './keys.ts';
import { listNamed, thingIn } from './named-items.ts';
import { Table, type TableOptions, type TransactionPart } from './table.ts';
import { writeIf } from './write-again.ts';

/*
 * A key is one item by its id and one by each of its secrets, all with the whole key, so that a look-up by secret is one read. They
 * are always written together.
 */

const putKey = (tenant: TenantId, key: StoredKey, seen?: StoredKey): TransactionPart => ({
  Put: {
    Item: { ...namedKey(keysPartition(tenant), key.id), v: { S: sortedJson(key) } },
    ...(seen === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'v = :seen', ExpressionAttributeValues: { ':seen': { S: sortedJson(seen) } } }),
  },
});

const deleteKey = (tenant: TenantId, seen: StoredKey): TransactionPart => ({
  Delete: {
    Key: { ...namedKey(keysPartition(tenant), seen.id) },
    ConditionExpression: 'v = :seen',
    ExpressionAttributeValues: { ':seen': { S: sortedJson(seen) } },
  },
});

const putSecrets = (tenant: TenantId, key: StoredKey): TransactionPart[] =>
  key.secrets.map(({ sha256 }) => ({ Put: { Item: { ...secretKey(tenant, sha256), v: { S: sortedJson(key) } } } }));

const deleteSecrets = (tenant: TenantId, seen: StoredKey, kept: readonly string[] = []): TransactionPart[] =>
  seen.secrets
    .filter(({ sha256 }) => !kept.includes(sha256))
    .map(({ sha256 }) => ({ Delete: { Key: { ...secretKey(tenant, sha256) } } }));

const writeTogether = (table: Table, parts: readonly TransactionPart[]): Promise<boolean> =>
  writeIf(table, () => table.transact(parts));

const REMOVE_ATTEMPTS = 10;

const remove = async (table: Table, tenant: TenantId, id: KeyId): Promise<boolean> => {
  for (let attempt = 1; attempt <= REMOVE_ATTEMPTS; attempt += 1) {
    const seen = thingIn<StoredKey>(await table.get(namedKey(keysPartition(tenant), id)));
    if (seen === undefined) return false;
    if (await writeTogether(table, [deleteKey(tenant, seen), ...deleteSecrets(tenant, seen)])) return true;
  }
  throw new Error('A key changes faster than it can be removed.');
};

/** API keys. Reads are strongly consistent: a new key works at once, and a revoked one lives in caches only. */
export const createDynamoKeyStore = (options: TableOptions): KeyStore => {
  const table = new Table(options);
  return {
    create: (tenant, key) => writeTogether(table, [putKey(tenant, key), ...putSecrets(tenant, key)]),
    get: async (tenant, id) => thingIn<StoredKey>(await table.get(namedKey(keysPartition(tenant), id))),
    findBySecret: async (tenant, sha256) => thingIn<StoredKey>(await table.get(secretKey(tenant, sha256))),
    list: async (tenant, page) =>
      (await listNamed(table, keysPartition(tenant), page)).map((item) => thingIn<StoredKey>(item)!),
    replace: (tenant, seen, next) => {
      const kept = next.secrets.map(({ sha256 }) => sha256);
      return writeTogether(table, [
        putKey(tenant, next, seen),
        ...putSecrets(tenant, next),
        ...deleteSecrets(tenant, seen, kept),
      ]);
    },
    remove: (tenant, id) => remove(table, tenant, id),
  };
};
