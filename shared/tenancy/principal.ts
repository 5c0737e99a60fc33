import type { KeyId, TenantId } from '../contract/ids.ts';
import type { Scope } from '../contract/scope.ts';

/** A tenant's own key: the only place that a tenant's id ever comes from. */
export interface TenantPrincipal {
  readonly kind: 'tenant';
  readonly tenant: TenantId;
  readonly keyId: KeyId;
  readonly scopes: readonly Scope[];
  /** Milliseconds since the epoch; absent: never. */
  readonly expiresAt?: number;
}

/** Whoever runs the deployment. Manages tenants and their keys, and reads none of their data. */
export interface OperatorPrincipal {
  readonly kind: 'operator';
  readonly keyId: 'operator';
}

export type Principal = TenantPrincipal | OperatorPrincipal;
