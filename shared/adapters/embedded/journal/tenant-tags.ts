import { createHash } from 'node:crypto';
import type { TenantId } from '../../../contract/ids.ts';
import { TAG_BITS } from './blob-id.ts';

const KEPT_TAGS = 1024;

/** The tags of tenants in one journal file. */
export class TenantTags {
  readonly #nonce: number;
  readonly #tags = new Map<TenantId, number>();

  constructor(nonce: number) {
    this.#nonce = nonce;
  }

  of(tenant: TenantId): number {
    const known = this.#tags.get(tenant);
    if (known !== undefined) return known;
    const digest = createHash('sha256').update(`${this.#nonce}/${tenant}`).digest();
    const tag = digest.readUInt32BE(0) >>> (32 - TAG_BITS);
    if (this.#tags.size >= KEPT_TAGS) this.#tags.clear();
    this.#tags.set(tenant, tag);
    return tag;
  }
}
