import type { TenantId } from '../contract/ids.ts';
import type { Subscription } from '../ports/subscription-store.ts';
import { revised } from './pause-subscription.ts';
import type { PushPorts } from './push-ports.ts';

/** What we are to the endpoint (the name that it has to grant leave to). */
const ORIGIN = 'chasqui.dev';
const AGAIN_MS = 60_000;
const NO_BODY = new Uint8Array(0);

/**
 * Asks the endpoint for leave before the first delivery, where its owner wants that (CloudEvents, "HTTP 1.1 Web Hooks for Event Delivery",
 * section 4). Undefined: it may be sent to; else when to ask again. A clear no pauses the subscription.
 */
export const ensureGranted = async (
  ports: PushPorts,
  tenant: TenantId,
  subscription: Subscription,
  pause: (reason: string) => Promise<void>,
): Promise<number | undefined> => {
  const { endpoint, grantedUrl, retry } = subscription;
  if (endpoint.handshake !== true || grantedUrl === endpoint.url) return undefined;
  const answer = await ports.webhooks.send({
    method: 'OPTIONS',
    url: endpoint.url,
    headers: { ...endpoint.headers, 'user-agent': 'Chasqui', 'webhook-request-origin': ORIGIN },
    body: NO_BODY,
    timeoutMs: retry.timeoutMs,
  });
  const allowed = answer.kind === 'answered' ? answer.headers['webhook-allowed-origin'] : undefined;
  if (allowed === undefined) return ports.clock.now() + AGAIN_MS;
  if (allowed !== '*' && allowed.toLowerCase() !== ORIGIN) {
    await pause('The endpoint gives no leave to send to it.');
    return ports.clock.now() + AGAIN_MS;
  }
  // It changes the subscription, so that its lanes begin anew with what is stored then.
  await ports.subscriptions.replace(
    tenant,
    subscription,
    revised(subscription, { grantedUrl: endpoint.url }, ports.clock.now()),
  );
  return undefined;
};
