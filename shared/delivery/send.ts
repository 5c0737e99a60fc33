import type { TenantId } from '../contract/ids.ts';
import { parseTraceparent } from '../lib/traceparent.ts';
import { webhookSignature } from '../lib/webhook-signature.ts';
import type { Random } from '../ports/random.ts';
import type { Subscription } from '../ports/subscription-store.ts';
import type { WebhookAnswer } from '../ports/webhook-sender.ts';
import { compose, type Origin } from './compose.ts';
import { headerOf } from './content-type.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import type { PushPorts } from './push-ports.ts';
import { openSecrets } from './secrets.ts';

export interface Sending {
  readonly tenant: TenantId;
  readonly subscription: Subscription;
  readonly origin: Origin;
  readonly records: readonly DeliveryRecord[];
  readonly webhookId: string;
}

/** Of the endpoint's answer, as the log of attempts keeps it. */
const KEPT_BYTES = 1024;

/** The trace that the record came with goes on; else a new one begins. */
const traceparentOf = (random: Pick<Random, 'bytes'>, [record, other]: readonly DeliveryRecord[]): string => {
  const own = record !== undefined && other === undefined ? headerOf(record, 'traceparent') : undefined;
  const given = parseTraceparent(own);
  if (given !== undefined) return given;
  const id = Buffer.from(random.bytes(24)).toString('hex');
  return `00-${id.slice(0, 32)}-${id.slice(32)}-01`;
};

/** One signed request. Never rejects, but when `abort` does. */
export const send = (ports: PushPorts, sending: Sending, abort?: AbortSignal): Promise<WebhookAnswer> => {
  const { tenant, subscription, origin, records, webhookId } = sending;
  const { endpoint, retry } = subscription;
  const now = ports.clock.now();
  const { headers, body } = compose(subscription, records, origin);
  const timestamp = Math.floor(now / 1000);
  const secrets = openSecrets(ports.vault, tenant, subscription, now);
  return ports.webhooks.send(
    {
      method: 'POST',
      url: endpoint.url,
      headers: {
        'user-agent': 'Chasqui',
        accept: '*/*',
        ...endpoint.headers,
        ...headers,
        traceparent: traceparentOf(ports.random, records),
        'webhook-id': webhookId,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': webhookSignature({ id: webhookId, timestamp, body }, secrets),
      },
      body,
      timeoutMs: retry.timeoutMs,
    },
    abort,
  );
};

/** What an answer says, as it is shown to whoever owns the endpoint. */
export const toldBy = (
  answer: WebhookAnswer,
): { readonly status: number | null; readonly error: string | null; readonly response: string } =>
  answer.kind === 'failed'
    ? { status: null, error: answer.reason, response: '' }
    : {
        status: answer.status,
        error: null,
        response: Buffer.from(answer.body.subarray(0, KEPT_BYTES)).toString('utf8'),
      };
