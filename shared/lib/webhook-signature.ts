import { createHmac } from 'node:crypto';

/** What says that a text is a symmetric secret. */
export const SECRET_PREFIX = 'whsec_';

export interface SignedMessage {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly body: Uint8Array;
}

/**
 * The value of `webhook-signature`: one signature for each secret, so that a receiver may hold either while they are exchanged.
 * Source: Standard Webhooks specification 1.0, "Signature scheme" (symmetric, `v1`).
 */
export const webhookSignature = ({ id, timestamp, body }: SignedMessage, secrets: readonly string[]): string =>
  secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
      const digest = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
      return `v1,${digest}`;
    })
    .join(' ');
