import type { KeyId, TenantId } from '../contract/ids.ts';
import type { Scope } from '../contract/scope.ts';
import type { NamePage } from './topic-registry.ts';

/** A secret as it is kept: its SHA-256 and nothing else. */
export interface StoredSecret {
  /** Lower-case hex of the SHA-256 of the whole key. */
  readonly sha256: string;
  /** Milliseconds since the epoch, when a rotation's overlap ends; absent: as long as the key. */
  readonly expiresAt?: number;
}

export interface StoredKey {
  readonly id: KeyId;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** RFC 3339. */
  readonly createdAt: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
  /** The newest first. */
  readonly secrets: readonly StoredSecret[];
}

/** API keys of a tenant. The tenant is read from the key's own text, so a look-up by hash has it too; the hash proves it. */
export interface KeyStore {
  /** Fails (false) when the id exists. */
  create(tenant: TenantId, key: StoredKey): Promise<boolean>;
  get(tenant: TenantId, id: KeyId): Promise<StoredKey | undefined>;
  /** The key that has a secret of this hash, expired or not. One read; none, and at once, where it is remembered. */
  findBySecret(tenant: TenantId, sha256: string): StoredKey | undefined | Promise<StoredKey | undefined>;
  /** In the order of the ids. */
  list(tenant: TenantId, page: NamePage): Promise<StoredKey[]>;
  /** Secrets that `next` no longer has find nothing afterwards. */
  replace(tenant: TenantId, seen: StoredKey, next: StoredKey): Promise<boolean>;
  remove(tenant: TenantId, id: KeyId): Promise<boolean>;
}
