import { parseSubscriptionId, parseTenantId } from '../../contract/ids.ts';
import type { WakeUp } from '../../ports/wake-ups.ts';

/** What a message says: whom it is about. When it comes is when it is due. */
export type WakeUpMessage = Pick<WakeUp, 'tenant' | 'subscription'>;

export const encodeWakeUp = ({ tenant, subscription }: WakeUpMessage): string =>
  JSON.stringify({ tenant, subscription });

const textOf = (field: unknown): string => (typeof field === 'string' ? field : '');

/** @throws {Error} when it is none of ours */
export const decodeWakeUp = (text: string): WakeUpMessage => {
  const fields = JSON.parse(text) as { tenant?: unknown; subscription?: unknown };
  const tenant = parseTenantId(textOf(fields.tenant));
  const subscription = parseSubscriptionId(textOf(fields.subscription));
  if (tenant === undefined || subscription === undefined) throw new Error('The message names no subscription.');
  return { tenant, subscription };
};
