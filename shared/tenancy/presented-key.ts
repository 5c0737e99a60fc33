import type { TenantId } from '../contract/ids.ts';
import { tenantOfKeyToken } from '../contract/key-token.ts';
import { equalDigests, sha256 } from '../lib/sha256.ts';
import type { StoredKey, StoredSecret } from '../ports/key-store.ts';
import type { TenantPrincipal } from './principal.ts';

const isOver = (expiresAt: number | undefined, now: number): boolean => expiresAt !== undefined && expiresAt <= now;

interface Proof {
  readonly key: StoredKey;
  readonly secret: StoredSecret;
  readonly principal: TenantPrincipal;
}

/**
 * A key as somebody shows it. It is hashed once, and what it proved of a stored key holds for as long as the store gives that very
 * object: so a connection that shows the same key with each request costs a look-up, and no arithmetic.
 */
export class PresentedKey {
  /** Of the whole text, in lower-case hex. */
  readonly sha256: string;
  readonly #digest: Buffer;
  /** Whose it says it is; undefined where it is no key of ours. */
  readonly tenant: TenantId | undefined;
  #proof: Proof | undefined;
  /** What it was found to differ from. */
  #notOperator: Uint8Array | undefined;

  constructor(token: string) {
    this.sha256 = sha256(token);
    this.#digest = Buffer.from(this.sha256, 'hex');
    this.tenant = tenantOfKeyToken(token);
  }

  isOperator(operatorKeyHash: Uint8Array): boolean {
    if (this.#notOperator === operatorKeyHash) return false;
    if (equalDigests(this.#digest, operatorKeyHash)) return true;
    this.#notOperator = operatorKeyHash;
    return false;
  }

  /** Who shows it, if it is one of the key's secrets and both are alive. The secret is looked for again: a look-up that was wrong opens nothing. */
  opens(tenant: TenantId, key: StoredKey, now: number): TenantPrincipal | undefined {
    const proof = this.#proof?.key === key ? this.#proof : this.#prove(tenant, key);
    if (proof === undefined || isOver(key.expiresAt, now) || isOver(proof.secret.expiresAt, now)) return undefined;
    return proof.principal;
  }

  #prove(tenant: TenantId, key: StoredKey): Proof | undefined {
    const secret = key.secrets.find((stored) => equalDigests(Buffer.from(stored.sha256, 'hex'), this.#digest));
    if (secret === undefined) return undefined;
    const principal: TenantPrincipal = { kind: 'tenant', tenant, keyId: key.id, scopes: key.scopes };
    this.#proof = {
      key,
      secret,
      principal: key.expiresAt === undefined ? principal : { ...principal, expiresAt: key.expiresAt },
    };
    return this.#proof;
  }
}
