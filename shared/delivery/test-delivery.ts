import type { TenantId } from '../contract/ids.ts';
import { VALUE_FORMATS } from '../contract/record.ts';
import type { Subscription } from '../ports/subscription-store.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import type { PushPorts } from './push-ports.ts';
import { send, toldBy } from './send.ts';

export interface Tested {
  readonly webhookId: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number;
  readonly response: string;
}

const TYPE = 'dev.chasqui.test';

/** A record that is in no topic. */
const sample = (subscription: Subscription, webhookId: string, now: number): DeliveryRecord => {
  const attributes = {
    ce_specversion: '1.0',
    ce_id: webhookId,
    ce_source: `/subscriptions/${subscription.id}`,
    ce_type: TYPE,
    ce_time: new Date(now).toISOString(),
  };
  return {
    offset: 0,
    timestamp: now,
    key: Buffer.from('test'),
    value: Buffer.from(JSON.stringify({ message: 'A test of this subscription.', subscription: subscription.id })),
    valueFormat: VALUE_FORMATS.json,
    headers: Object.entries(attributes).map(([name, text]) => ({ name, value: Buffer.from(text) })),
    bytes: 0,
  };
};

/** Sends a signed sample, whatever the subscription's status, and tells what came of it. Nothing is tried again. */
export const testDelivery = async (ports: PushPorts, tenant: TenantId, subscription: Subscription): Promise<Tested> => {
  const startedAt = ports.clock.now();
  const { topic, topicId } = subscription;
  const webhookId = `${topicId}.test.${ports.random.uuid()}`;
  const answer = await send(ports, {
    tenant,
    subscription,
    origin: { topic, topicId, partition: 0 },
    records: [sample(subscription, webhookId, startedAt)],
    webhookId,
  });
  return { webhookId, ...toldBy(answer), durationMs: Math.round(ports.clock.now() - startedAt) };
};
