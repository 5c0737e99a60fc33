import { describe, expect } from 'vitest';
import type { KeyId } from '../../shared/contract/ids.ts';
import type { KeyStore, StoredKey } from '../../shared/ports/key-store.ts';
import { ACME, GLOBEX } from '../support/index-fixtures.ts';
import { type Check, checksOf, type Open } from './checks.ts';

const hashOf = (number: number): string => number.toString(16).padStart(64, '0');

const keyOf = (id: string, secret: number, fields: Partial<StoredKey> = {}): StoredKey => ({
  id: id as KeyId,
  name: `key ${id}`,
  scopes: [{ actions: ['produce', 'fetch'], topics: ['orders', 'logs.*'] }],
  createdAt: '2025-10-09T08:53:20.000Z',
  secrets: [{ sha256: hashOf(secret) }],
  ...fields,
});

const ids = async (store: KeyStore, page: { prefix?: string; after?: string; limit?: number }): Promise<string[]> =>
  (await store.list(ACME, { limit: 100, ...page })).map(({ id }) => id);

const describeKeys = (check: Check<KeyStore>): void => {
  check('gives a key back as it was created, by id and by secret', async (store) => {
    const key = keyOf('k1', 1, { expiresAt: 1_760_000_000_000 });
    expect(await store.get(ACME, key.id)).toBeUndefined();
    expect(await store.findBySecret(ACME, hashOf(1))).toBeUndefined();
    expect(await store.create(ACME, key)).toBe(true);
    expect(await store.get(ACME, key.id)).toEqual(key);
    expect(await store.findBySecret(ACME, hashOf(1))).toEqual(key);
    expect(await store.findBySecret(ACME, hashOf(2))).toBeUndefined();
  });

  check('creates no id twice, and leaves no trace of the attempt', async (store) => {
    const key = keyOf('k1', 1);
    await store.create(ACME, key);
    expect(await store.create(ACME, keyOf('k1', 2))).toBe(false);
    expect(await store.get(ACME, key.id)).toEqual(key);
    expect(await store.findBySecret(ACME, hashOf(2))).toBeUndefined();
  });

  check('finds keys and secrets that have expired, for their age is judged elsewhere', async (store) => {
    const key = keyOf('k1', 1, { expiresAt: 1, secrets: [{ sha256: hashOf(1), expiresAt: 1 }] });
    await store.create(ACME, key);
    expect(await store.findBySecret(ACME, hashOf(1))).toEqual(key);
  });

  check('keeps tenants apart', async (store) => {
    const key = keyOf('k1', 1);
    await store.create(ACME, key);
    expect(await store.get(GLOBEX, key.id)).toBeUndefined();
    expect(await store.findBySecret(GLOBEX, hashOf(1))).toBeUndefined();
    expect(await store.list(GLOBEX, { limit: 10 })).toEqual([]);
    expect(await store.replace(GLOBEX, key, keyOf('k1', 2))).toBe(false);
    expect(await store.remove(GLOBEX, key.id)).toBe(false);
    expect(await store.create(GLOBEX, keyOf('k1', 2))).toBe(true);
    expect(await store.findBySecret(ACME, hashOf(1))).toEqual(key);
  });

  check('removes a key with all its secrets', async (store) => {
    const key = keyOf('k1', 1, { secrets: [{ sha256: hashOf(2) }, { sha256: hashOf(1), expiresAt: 5 }] });
    await store.create(ACME, key);
    await store.create(ACME, keyOf('k2', 3));
    expect(await store.remove(ACME, key.id)).toBe(true);
    expect(await store.remove(ACME, key.id)).toBe(false);
    expect(await store.get(ACME, key.id)).toBeUndefined();
    for (const secret of [1, 2]) expect(await store.findBySecret(ACME, hashOf(secret))).toBeUndefined();
    expect(await store.findBySecret(ACME, hashOf(3))).toEqual(keyOf('k2', 3));
    expect(await ids(store, {})).toEqual(['k2']);
  });

  check('lists in the order of the ids, by prefix, behind an id and up to a limit', async (store) => {
    for (const [at, id] of ['b', 'a', 'B', 'a.b', 'a-b', 'ab', '0'].entries()) await store.create(ACME, keyOf(id, at));
    expect(await ids(store, {})).toEqual(['0', 'B', 'a', 'a-b', 'a.b', 'ab', 'b']);
    expect(await ids(store, { prefix: 'a', after: 'a' })).toEqual(['a-b', 'a.b', 'ab']);
    expect(await ids(store, { after: 'B', limit: 2 })).toEqual(['a', 'a-b']);
  });
};

const describeRotation = (check: Check<KeyStore>): void => {
  const seen = keyOf('k1', 1);

  check('finds a rotated key by both secrets, and the old one no more once it is taken out', async (store) => {
    await store.create(ACME, seen);
    const both = { ...seen, secrets: [{ sha256: hashOf(2) }, { sha256: hashOf(1), expiresAt: 9 }] };
    expect(await store.replace(ACME, structuredClone(seen), both)).toBe(true);
    for (const secret of [1, 2]) expect(await store.findBySecret(ACME, hashOf(secret))).toEqual(both);
    const one = { ...seen, secrets: [{ sha256: hashOf(2) }] };
    expect(await store.replace(ACME, both, one)).toBe(true);
    expect(await store.findBySecret(ACME, hashOf(1))).toBeUndefined();
    expect(await store.findBySecret(ACME, hashOf(2))).toEqual(one);
    expect(await store.get(ACME, seen.id)).toEqual(one);
  });

  check('shows a change by every secret', async (store) => {
    const before = { ...seen, secrets: [{ sha256: hashOf(2) }, { sha256: hashOf(1) }] };
    await store.create(ACME, before);
    const after = { ...before, name: 'renamed', scopes: [] };
    await store.replace(ACME, before, after);
    for (const secret of [1, 2]) expect(await store.findBySecret(ACME, hashOf(secret))).toEqual(after);
  });

  check('replaces only what was seen, and leaves no trace of the attempt', async (store) => {
    expect(await store.replace(ACME, seen, keyOf('k1', 2))).toBe(false);
    await store.create(ACME, seen);
    expect(await store.replace(ACME, { ...seen, name: 'other' }, keyOf('k1', 2))).toBe(false);
    expect(await store.replace(ACME, keyOf('k1', 3), keyOf('k1', 2))).toBe(false);
    expect(await store.findBySecret(ACME, hashOf(2))).toBeUndefined();
    expect(await store.findBySecret(ACME, hashOf(1))).toEqual(seen);
  });

  check('lets one of many replace what all of them saw', async (store) => {
    await store.create(ACME, seen);
    const won = await Promise.all([2, 3, 4].map((secret) => store.replace(ACME, seen, keyOf('k1', secret))));
    expect(won.filter(Boolean)).toHaveLength(1);
    const secret = 2 + won.indexOf(true);
    for (const other of [1, 2, 3, 4].filter((each) => each !== secret)) {
      expect(await store.findBySecret(ACME, hashOf(other))).toBeUndefined();
    }
    expect(await store.findBySecret(ACME, hashOf(secret))).toEqual(keyOf('k1', secret));
  });
};

export const describeKeyStore = (name: string, open: Open<KeyStore>): void => {
  const check = checksOf(open, ['get', 'findBySecret', 'list']);
  describe(`${name}: key store`, () => {
    describe('keys', () => describeKeys(check));
    describe('rotation', () => describeRotation(check));
  });
};
