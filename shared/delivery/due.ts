import { partitionRefs } from '../log/partition-refs.ts';
import type { Ports } from '../ports/ports.ts';
import type { Delivery, Subscription, TenantSubscription } from '../ports/subscription-store.ts';

type DuePorts = Pick<Ports, 'clock' | 'offsets' | 'topics' | 'subscriptions'>;

/** Of this run of the subscription. */
const currentOf = ({ epoch }: Subscription, saved: Delivery | undefined): Delivery | undefined =>
  saved?.epoch === epoch ? saved : undefined;

/** Everything before it is done with in this partition. */
export const positionOf = (subscription: Subscription, partition: number, saved: Delivery | undefined): number =>
  currentOf(subscription, saved)?.committedOffset ?? subscription.startOffsets[partition] ?? 0;

/** What nobody has to look at yet: ranges that are done, that wait for their next try, or for a batch to fill. */
const waiting = (
  { batch, forgivenAt }: Subscription,
  { done, retries, open }: Delivery,
  end: number,
  now: number,
): (readonly [number, number])[] => {
  const later = retries.filter(({ nextTryAt, failedAt }) => nextTryAt > now && failedAt >= forgivenAt);
  const isFilling =
    open !== undefined &&
    batch !== undefined &&
    open.seenAt + batch.maxWaitMs > now &&
    end - open.from < batch.maxRecords;
  const ranges = later.map(({ from, to }) => [from, to] as const);
  return [...done, ...ranges, ...(isFilling ? [[open.from, end] as const] : [])];
};

const hasWork = (
  subscription: Subscription,
  partition: number,
  end: number,
  saved: Delivery | undefined,
  now: number,
): boolean => {
  const position = positionOf(subscription, partition, saved);
  if (end <= position) return false;
  const current = currentOf(subscription, saved);
  if (current === undefined) return true;
  const ranges = waiting(subscription, current, end, now);
  // The first one holds up all behind it.
  if (subscription.maxInFlight === 1 && ranges.some(([from, to]) => from <= position && position < to)) return false;
  return ranges.reduce((left, [from, to]) => left - (to - from), end - position) > 0;
};

/** Whether there is something to do now. In doubt there is: whoever is called looks again. */
export const isDue = async (ports: DuePorts, { tenant, subscription }: TenantSubscription): Promise<boolean> => {
  const { topic: name, topicId, uid, status, endpoint, grantedUrl } = subscription;
  if (status !== 'active') return false;
  const topic = await ports.topics.get(tenant, name);
  // It is to be paused, or asked for leave.
  if (topic?.id !== topicId || (endpoint.handshake === true && grantedUrl !== endpoint.url)) return true;
  const [heads, deliveries] = await Promise.all([
    ports.offsets.readHeads(tenant, partitionRefs(topic)),
    ports.subscriptions.deliveries(tenant, uid),
  ]);
  const now = ports.clock.now();
  return heads.some(
    (head, partition) =>
      head !== undefined && hasWork(subscription, partition, head.nextOffset, deliveries.get(partition), now),
  );
};
