import type { Standing } from '../../shared/delivery/standing.ts';
import type { Attempt, Subscription } from '../../shared/ports/subscription-store.ts';

/** Field by field, so that what is stored beside never leaves the house: least of all its secrets. */
export const shownSubscription = (subscription: Subscription, { status, reason }: Standing) => {
  const { endpoint, retry, batch } = subscription;
  return {
    id: subscription.id,
    topic: subscription.topic,
    endpoint: { url: endpoint.url, headers: endpoint.headers, handshake: endpoint.handshake },
    from: subscription.from,
    filter: subscription.filter ?? null,
    format: subscription.format,
    batch: batch === undefined ? null : { maxRecords: batch.maxRecords, maxWaitMs: batch.maxWaitMs },
    retry: { maxAttempts: retry.maxAttempts ?? null, scheduleMs: retry.scheduleMs, timeoutMs: retry.timeoutMs },
    deadLetterTopic: subscription.deadLetterTopic ?? null,
    maxInFlight: subscription.maxInFlight,
    rateLimit: subscription.rateLimit ?? null,
    status,
    statusReason: reason,
    createdAt: subscription.createdAt,
    updatedAt: subscription.updatedAt,
  };
};

const timeOf = (ms: number): string => new Date(ms).toISOString();

export const shownAttempt = (attempt: Attempt) => ({
  id: attempt.id,
  time: timeOf(attempt.time),
  partition: attempt.partition,
  offset: attempt.offset,
  lastOffset: attempt.lastOffset,
  attempt: attempt.attempt,
  outcome: attempt.outcome,
  webhookId: attempt.webhookId,
  status: attempt.status,
  error: attempt.error,
  durationMs: attempt.durationMs,
  response: attempt.response,
  nextTryAt: attempt.nextTryAt === null ? null : timeOf(attempt.nextTryAt),
});
