import type { TenantId } from '../contract/ids.ts';
import type { SubscriptionStatus } from '../contract/subscription.ts';
import type { Subscription, SubscriptionStore } from '../ports/subscription-store.ts';

/** How a subscription does. */
export interface Standing {
  readonly status: SubscriptionStatus;
  readonly reason: string | undefined;
}

/** Failing: in some partition the last try of an active subscription was one. */
export const standingOf = async (
  { subscriptions }: { readonly subscriptions: Pick<SubscriptionStore, 'deliveries'> },
  tenant: TenantId,
  { uid, epoch, status, statusReason, forgivenAt }: Subscription,
): Promise<Standing> => {
  if (status === 'paused') return { status, reason: statusReason || undefined };
  const deliveries = await subscriptions.deliveries(tenant, uid);
  const failing = [...deliveries.values()]
    .filter((delivery) => delivery.epoch === epoch && (delivery.failingSince ?? 0) >= forgivenAt)
    .map(({ failingSince }) => failingSince)
    .filter((since) => since !== undefined);
  if (failing.length === 0) return { status, reason: undefined };
  const since = new Date(Math.min(...failing)).toISOString();
  return { status: 'failing', reason: `The endpoint has been failing since ${since}.` };
};
