export const DELIVERY_FORMATS = ['cloudevents', 'cloudevents-structured', 'raw'] as const;
export type DeliveryFormat = (typeof DELIVERY_FORMATS)[number];

/** Where reading begins: milliseconds since the epoch are a time. */
export type From = 'earliest' | 'latest' | number;

export const SUBSCRIPTION_STATUSES = ['active', 'failing', 'paused'] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

export const OUTCOMES = ['delivered', 'failed', 'given-up', 'dead-lettered', 'skipped'] as const;
/** What became of a try; `skipped` is no try: the log start had passed the records. */
export type Outcome = (typeof OUTCOMES)[number];
