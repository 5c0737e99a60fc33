import { describe, expect, it } from 'vitest';
import { createMemoryKeyStore } from '../../../../shared/adapters/memory/memory-key-store.ts';
import { cachedKeyStore } from '../../../../shared/adapters/wrap/cached-key-store.ts';
import type { KeyId } from '../../../../shared/contract/ids.ts';
import type { StoredKey } from '../../../../shared/ports/key-store.ts';
import { describeKeyStore } from '../../../contracts/key-store.contract.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { ACME } from '../../../support/index-fixtures.ts';

const BOUNDS = { maxAgeMs: 1000, maxEntries: 100 };

describeKeyStore('cached', async () => ({
  store: cachedKeyStore(createMemoryKeyStore(), createFakeClock(), BOUNDS),
  close: async () => undefined,
}));

const SECRET = 'a'.repeat(64);
const KEY: StoredKey = { id: 'k' as KeyId, name: 'k', scopes: [], createdAt: '', secrets: [{ sha256: SECRET }] };

describe('cachedKeyStore', () => {
  it('lets a key that another instance removed live for maxAgeMs at most', async () => {
    const [inner, clock] = [createMemoryKeyStore(), createFakeClock()];
    const cached = cachedKeyStore(inner, clock, BOUNDS);
    await inner.create(ACME, KEY);
    expect(await cached.findBySecret(ACME, SECRET)).toEqual(KEY);
    await inner.remove(ACME, KEY.id);
    await clock.advance(999);
    expect(await cached.findBySecret(ACME, SECRET)).toEqual(KEY);
    await clock.advance(1);
    expect(await cached.findBySecret(ACME, SECRET)).toBeUndefined();
  });

  it('kills a key at once that it removes itself', async () => {
    const cached = cachedKeyStore(createMemoryKeyStore(), createFakeClock(), BOUNDS);
    await cached.create(ACME, KEY);
    expect(await cached.findBySecret(ACME, SECRET)).toEqual(KEY);
    await cached.remove(ACME, KEY.id);
    expect(await cached.findBySecret(ACME, SECRET)).toBeUndefined();
  });
});
