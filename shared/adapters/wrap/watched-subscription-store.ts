import type { SubscriptionId, TenantId } from '../../contract/ids.ts';
import type { Subscription, SubscriptionStore } from '../../ports/subscription-store.ts';

/** Tells somebody of every subscription that was written, and waits for them, before whoever wrote it hears of it. */
export const watchedSubscriptionStore = (
  inner: SubscriptionStore,
  changed: (tenant: TenantId, id: SubscriptionId, next: Subscription | undefined) => unknown,
): SubscriptionStore => {
  const tell = async (
    tenant: TenantId,
    { id }: Subscription,
    write: Promise<boolean>,
    next?: Subscription,
  ): Promise<boolean> => {
    const written = await write;
    if (written) await changed(tenant, id, next);
    return written;
  };
  return {
    get: (...args) => inner.get(...args),
    list: (...args) => inner.list(...args),
    ofTopic: (...args) => inner.ofTopic(...args),
    pageOfAll: (...args) => inner.pageOfAll(...args),
    acquire: (...args) => inner.acquire(...args),
    save: (...args) => inner.save(...args),
    release: (...args) => inner.release(...args),
    deliveries: (...args) => inner.deliveries(...args),
    addAttempts: (...args) => inner.addAttempts(...args),
    attempts: (...args) => inner.attempts(...args),
    create: (tenant, subscription) => tell(tenant, subscription, inner.create(tenant, subscription), subscription),
    replace: (tenant, seen, next) => tell(tenant, next, inner.replace(tenant, seen, next), next),
    remove: (tenant, subscription) => tell(tenant, subscription, inner.remove(tenant, subscription)),
  };
};
