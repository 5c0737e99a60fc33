import type { TenantId } from '../contract/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Subscription, SubscriptionStore } from '../ports/subscription-store.ts';
import { retryConditional } from '../tenancy/retry-conditional.ts';

interface PausePorts {
  readonly clock: Pick<Clock, 'now'>;
  readonly subscriptions: Pick<SubscriptionStore, 'get' | 'replace'>;
}

/** The same subscription with something changed. */
export const revised = (seen: Subscription, change: Partial<Subscription>, now: number): Subscription => ({
  ...seen,
  ...change,
  revision: seen.revision + 1,
  updatedAt: new Date(now).toISOString(),
});

/** By itself, for a reason; only as long as it is the one that the reason is about: changed meanwhile, it gets another chance. */
export const pauseFor = async (
  ports: PausePorts,
  tenant: TenantId,
  { id, uid, endpoint, epoch }: Subscription,
  statusReason: string,
): Promise<void> => {
  await retryConditional(async () => {
    const seen = await ports.subscriptions.get(tenant, id);
    const changed = seen?.uid !== uid || seen.endpoint.url !== endpoint.url || seen.epoch !== epoch;
    if (changed || seen.status === 'paused') return 'nothing to do';
    const next = revised(seen, { status: 'paused', statusReason }, ports.clock.now());
    return (await ports.subscriptions.replace(tenant, seen, next)) ? 'paused' : undefined;
  });
};
