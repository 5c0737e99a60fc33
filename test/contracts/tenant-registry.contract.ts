import { describe, expect } from 'vitest';
import type { TenantId } from '../../shared/contract/ids.ts';
import type { Tenant, TenantRegistry } from '../../shared/ports/tenant-registry.ts';
import type { NamePage } from '../../shared/ports/topic-registry.ts';
import { checksOf, type Open } from './checks.ts';

const tenantOf = (id: string, name = `Tenant ${id}`): Tenant => ({
  id: id as TenantId,
  name,
  createdAt: '2025-10-09T08:53:20.000Z',
});

const ids = async (store: TenantRegistry, page: Partial<NamePage>): Promise<string[]> =>
  (await store.list({ limit: 100, ...page })).map(({ id }) => id);

export const describeTenantRegistry = (name: string, open: Open<TenantRegistry>): void => {
  const check = checksOf(open, ['get', 'list']);
  describe(`${name}: tenant registry`, () => {
    check('creates no id twice', async (store) => {
      const acme = tenantOf('acme', 'Ácme "Größe" 株式会社 🎉');
      expect(await store.get(acme.id)).toBeUndefined();
      expect(await store.create(acme)).toBe(true);
      expect(await store.create(tenantOf('acme', 'other'))).toBe(false);
      expect(await store.get(acme.id)).toEqual(acme);
      expect(await store.get('Acme' as TenantId)).toBeUndefined();
    });

    check('replaces what was seen, and nothing else', async (store) => {
      const seen = tenantOf('acme');
      const next = tenantOf('acme', 'renamed');
      expect(await store.replace(seen, next)).toBe(false);
      await store.create(seen);
      expect(await store.replace(structuredClone(seen), next)).toBe(true);
      expect(await store.replace(seen, tenantOf('acme', 'too late'))).toBe(false);
      expect(await store.get(seen.id)).toEqual(next);
    });

    check('lets one of many replace what all of them saw', async (store) => {
      const seen = tenantOf('acme');
      await store.create(seen);
      const won = await Promise.all(['0', '1', '2'].map((next) => store.replace(seen, tenantOf('acme', next))));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await store.get(seen.id))?.name).toBe(String(won.indexOf(true)));
    });

    check('removes one tenant and no other', async (store) => {
      for (const id of ['acme', 'acme2', 'acm']) await store.create(tenantOf(id));
      expect(await store.remove('acme' as TenantId)).toBe(true);
      expect(await store.remove('acme' as TenantId)).toBe(false);
      expect(await store.get('acme' as TenantId)).toBeUndefined();
      expect(await ids(store, {})).toEqual(['acm', 'acme2']);
      expect(await store.create(tenantOf('acme'))).toBe(true);
    });

    check('lists in the order of the bytes, by prefix, behind an id and up to a limit', async (store) => {
      for (const id of ['b', 'a', 'B', 'a.b', 'a-b', 'ab', '0']) await store.create(tenantOf(id));
      expect(await ids(store, {})).toEqual(['0', 'B', 'a', 'a-b', 'a.b', 'ab', 'b']);
      expect(await ids(store, { prefix: 'a' })).toEqual(['a', 'a-b', 'a.b', 'ab']);
      expect(await ids(store, { prefix: 'a', after: 'a-b', limit: 1 })).toEqual(['a.b']);
      expect(await ids(store, { after: 'b' })).toEqual([]);
      expect(await store.list({ limit: 1 })).toEqual([tenantOf('0')]);
    });
  });
};
