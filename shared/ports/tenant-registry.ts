import type { TenantId } from '../contract/ids.ts';
import type { NamePage } from './topic-registry.ts';

export interface Tenant {
  readonly id: TenantId;
  readonly name: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

/** The tenants of a deployment. `list` is the operator's alone. Writes are conditional, as in the topic registry. */
export interface TenantRegistry {
  create(tenant: Tenant): Promise<boolean>;
  get(id: TenantId): Promise<Tenant | undefined>;
  list(page: NamePage): Promise<Tenant[]>;
  replace(seen: Tenant, next: Tenant): Promise<boolean>;
  remove(id: TenantId): Promise<boolean>;
}
