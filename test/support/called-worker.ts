import type { SubscriptionId, TenantId, TopicName } from '../../shared/contract/ids.ts';
import { type Duty, deliver, deliverTopics, type WorkerPorts } from '../../shared/delivery/worker.ts';
import { findTopic } from '../../shared/log/find-topic.ts';
import type { WakeUp } from '../../shared/ports/wake-ups.ts';

/** What a function does for a message. */
export const workForMessage = async (
  ports: WorkerPorts,
  { tenant, subscription: id }: Pick<WakeUp, 'tenant' | 'subscription'>,
  until: number,
): Promise<void> => {
  const subscription = await ports.subscriptions.get(tenant, id as SubscriptionId);
  const found = subscription === undefined ? [] : [{ tenant, subscription }];
  await deliver(ports, found, { until, waitsForOthers: false });
};

/** What a function does for the commits to a topic. */
export const workForCommits = async (
  ports: WorkerPorts,
  tenant: TenantId,
  topic: string,
  until: number,
): Promise<void> => {
  const { id: topicId } = await findTopic(ports, tenant, topic as TopicName);
  const duty: Duty = { until, waitsForOthers: true };
  await deliverTopics(ports, [{ tenant, topicId }], duty);
};
