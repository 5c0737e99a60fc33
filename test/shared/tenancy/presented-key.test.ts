import { describe, expect, it } from 'vitest';
import type { KeyId } from '../../../shared/contract/ids.ts';
import { formatKeyToken } from '../../../shared/contract/key-token.ts';
import { sha256 } from '../../../shared/lib/sha256.ts';
import type { StoredKey } from '../../../shared/ports/key-store.ts';
import { PresentedKey } from '../../../shared/tenancy/presented-key.ts';
import { tenantId } from '../../support/memory-service.ts';

const TENANT = tenantId('acme');
const NOW = 1000;
const token = (byte: number): string => formatKeyToken(TENANT, Buffer.alloc(32, byte));
const stored = (secrets: StoredKey['secrets'], more: Partial<StoredKey> = {}): StoredKey => ({
  id: 'k' as KeyId,
  name: 'k',
  scopes: [],
  createdAt: '2026-01-01T00:00:00Z',
  secrets,
  ...more,
});

describe('PresentedKey', () => {
  it('opens a key that has its secret, and no other', () => {
    const presented = new PresentedKey(token(1));
    expect(presented.opens(TENANT, stored([{ sha256: sha256(token(2)) }]), NOW)).toBeUndefined();
    expect(presented.opens(TENANT, stored([{ sha256: sha256(token(2)) }, { sha256: sha256(token(1)) }]), NOW)).toEqual({
      kind: 'tenant',
      tenant: TENANT,
      keyId: 'k',
      scopes: [],
    });
  });

  it('proves itself anew to every other key that the store gives', () => {
    const presented = new PresentedKey(token(1));
    const before = stored([{ sha256: sha256(token(1)) }]);
    expect(presented.opens(TENANT, before, NOW)).toBeDefined();
    expect(presented.opens(TENANT, stored([{ sha256: sha256(token(2)) }]), NOW)).toBeUndefined();
    expect(presented.opens(TENANT, before, NOW)).toBe(presented.opens(TENANT, before, NOW));
  });

  it('ends with its key and with its secret, though it has opened it before', () => {
    const presented = new PresentedKey(token(1));
    const passing = stored([{ sha256: sha256(token(1)) }], { expiresAt: NOW + 10 });
    const rotated = stored([{ sha256: sha256(token(2)) }, { sha256: sha256(token(1)), expiresAt: NOW + 10 }]);
    for (const key of [passing, rotated]) {
      expect(presented.opens(TENANT, key, NOW + 9)).toBeDefined();
      expect(presented.opens(TENANT, key, NOW + 10)).toBeUndefined();
    }
  });
});
