import type { TenantId } from '../../contract/ids.ts';
import type { Claim, IdempotencyRecord } from '../../ports/offset-store.ts';

/** After this time, in milliseconds, a claim that was neither committed nor released has no owner any more. */
const CLAIM_MS = 60_000;

interface Held {
  readonly record: IdempotencyRecord;
  /** Milliseconds since the epoch. */
  readonly claimedAt: number;
  readonly answer?: Uint8Array;
}

export interface IdempotencyTable {
  claim(tenant: TenantId, record: IdempotencyRecord, now: number): Claim;
  release(tenant: TenantId, key: string): void;
  /** @throws when the claim is not held, or is held for another request. */
  requireClaim(tenant: TenantId, record: IdempotencyRecord): void;
  finish(tenant: TenantId, record: IdempotencyRecord, answer: Uint8Array): void;
}

const counts = ({ record, claimedAt, answer }: Held, now: number, voidUntil = 0): boolean =>
  answer === undefined ? now < claimedAt + CLAIM_MS : Math.max(now, voidUntil) < record.expiresAt;

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

export const createIdempotencyTable = (): IdempotencyTable => {
  const held = new Map<string, Held>();
  const nameOf = (tenant: TenantId, key: string): string => `${tenant}/${key}`;
  return {
    claim: (tenant, record, now) => {
      const name = nameOf(tenant, record.key);
      const found = held.get(name);
      if (found !== undefined && counts(found, now, record.voidUntil)) {
        const { answer } = found;
        if (answer === undefined) return { kind: 'in_flight' };
        return { kind: 'done', fingerprint: found.record.fingerprint, answer };
      }
      held.set(name, { record, claimedAt: now });
      return { kind: 'claimed' };
    },
    release: (tenant, key) => {
      const name = nameOf(tenant, key);
      if (held.get(name)?.answer === undefined) held.delete(name);
    },
    requireClaim: (tenant, record) => {
      const found = held.get(nameOf(tenant, record.key));
      const mine = found?.answer === undefined && found && sameBytes(found.record.fingerprint, record.fingerprint);
      if (!mine) throw new Error('The claim of an idempotency key is not held.');
    },
    finish: (tenant, record, answer) => {
      held.set(nameOf(tenant, record.key), { record, claimedAt: 0, answer });
    },
  };
};
