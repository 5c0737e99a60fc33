import type { SubscriptionId, TenantId } from '../../contract/ids.ts';
import type { Subscription, SubscriptionStore } from '../../ports/subscription-store.ts';

/** Tells somebody in the same process of every subscription that was written, before whoever wrote it hears of it. */
export const watchedSubscriptionStore = (
  inner: SubscriptionStore,
  changed: (tenant: TenantId, id: SubscriptionId) => void,
): SubscriptionStore => {
  const tell = async (tenant: TenantId, { id }: Subscription, write: Promise<boolean>): Promise<boolean> => {
    const written = await write;
    if (written) changed(tenant, id);
    return written;
  };
  return {
    ...inner,
    create: (tenant, subscription) => tell(tenant, subscription, inner.create(tenant, subscription)),
    replace: (tenant, seen, next) => tell(tenant, next, inner.replace(tenant, seen, next)),
    remove: (tenant, subscription) => tell(tenant, subscription, inner.remove(tenant, subscription)),
  };
};
