import type { SubscriptionId, TenantId } from '../contract/ids.ts';

export interface WakeUp {
  readonly tenant: TenantId;
  readonly subscription: SubscriptionId;
  /** Milliseconds since the epoch; `LONGEST_WAKE_UP_MS` ahead at most, and at once when it has passed. */
  readonly at: number;
}

/** 15 minutes: as long as SQS holds a message back. Whoever has to wait longer is found by the sweep. */
export const LONGEST_WAKE_UP_MS = 15 * 60 * 1000;

/**
 * Calls a worker to a subscription at a given time, for where no process stays that could wait. Laws:
 * 1. A hint: it may come late, twice or never, and what it says is looked up again.
 * 2. Never rejects: whoever asks has stored what is to be done, and the sweep finds it.
 */
export interface WakeUps {
  schedule(wakeUps: readonly WakeUp[]): Promise<void>;
}
