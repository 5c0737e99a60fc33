import { ChasquiError } from '../contract/errors.ts';
import type { Scope } from '../contract/scope.ts';
import type { StoredKey } from '../ports/key-store.ts';
import type { Principal } from './principal.ts';
import { covers, governs } from './scopes.ts';

/** What a secret that is given out may do, and until when (milliseconds since the epoch; absent: for ever). */
export interface Grant {
  readonly scopes: readonly Scope[];
  readonly expiresAt?: number | undefined;
}

const outlives = (asked: number | undefined, own: number | undefined): boolean =>
  own !== undefined && (asked === undefined || asked > own);

/**
 * A key never gives out more than it has, in scope or in time; the operator may give out anything.
 * @throws {ChasquiError} `forbidden`
 */
export const refuseToExceed = (giver: Principal, asked: Grant): void => {
  if (giver.kind === 'operator') return;
  if (!covers(giver.scopes, asked.scopes)) {
    throw new ChasquiError('forbidden', 'A key cannot give out more than its own scopes.');
  }
  if (outlives(asked.expiresAt, giver.expiresAt)) {
    throw new ChasquiError('forbidden', 'A key cannot give out a key that outlives it: give an earlier expiresAt.');
  }
};

/** Which keys one may see and revoke: those whose topics it manages, and itself. */
export const mayRevoke = (principal: Principal, key: StoredKey): boolean =>
  principal.kind === 'operator' || principal.keyId === key.id || governs(principal.scopes, key.scopes);
