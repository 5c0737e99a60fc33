import type { TenantId } from '../../../contract/ids.ts';
import type { Claim, IdempotencyRecord } from '../../../ports/offset-store.ts';
import { findAnswer } from './answers.ts';
import { answerName } from './dirt.ts';
import type { IndexState } from './index-state.ts';

/** After this time, in milliseconds, a claim that was neither committed nor released has no owner any more. */
const CLAIM_MS = 60_000;

/** A claim that is held. */
export interface HeldClaim {
  readonly fingerprint: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** Its commit is on the way to the disk: until that is settled nobody else may have the key. */
  committing: boolean;
}

/** Idempotency keys in use. In memory only: a claim ends with the process, and one process owns the folder. */
export class Claims {
  readonly #state: IndexState;
  readonly #held = new Map<string, HeldClaim>();
  #latest = 0;

  constructor(state: IndexState) {
    this.#state = state;
  }

  /** The latest time that a caller named: the only time by which claims and answers end. */
  get latest(): number {
    return this.#latest;
  }

  claim(tenant: TenantId, { key, fingerprint, voidUntil = 0 }: IdempotencyRecord, now: number): Claim {
    this.#latest = Math.max(this.#latest, now);
    const done = findAnswer(this.#state, tenant, key);
    if (done !== undefined && Math.max(now, voidUntil) < done.expiresAt) {
      return { kind: 'done', fingerprint: done.fingerprint, answer: done.answer };
    }
    const name = answerName(tenant, key);
    const held = this.#held.get(name);
    if (held !== undefined && (held.committing || now < held.until)) return { kind: 'in_flight' };
    this.#held.set(name, { fingerprint, until: now + CLAIM_MS, committing: false });
    return { kind: 'claimed' };
  }

  release(tenant: TenantId, key: string): void {
    const name = answerName(tenant, key);
    if (this.#held.get(name)?.committing !== true) this.#held.delete(name);
  }

  /** @throws when the claim is not held, is held for another request, or commits already. */
  beginCommit(tenant: TenantId, { key, fingerprint }: IdempotencyRecord): HeldClaim {
    const held = this.#held.get(answerName(tenant, key));
    const mine = held?.committing === false && Buffer.compare(held.fingerprint, fingerprint) === 0;
    if (!mine) throw new Error('The claim of an idempotency key is not held.');
    held.committing = true;
    return held;
  }

  endCommit(tenant: TenantId, key: string, claim: HeldClaim, committed: boolean): void {
    claim.committing = false;
    if (committed) this.#held.delete(answerName(tenant, key));
  }

  /** Forgets claims whose owners went away without a word. */
  sweep(): void {
    for (const [name, { until, committing }] of this.#held) {
      if (!committing && until <= this.#latest) this.#held.delete(name);
    }
  }
}
