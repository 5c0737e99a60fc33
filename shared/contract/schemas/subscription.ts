import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { DELIVERY_FORMATS, OUTCOMES, SUBSCRIPTION_STATUSES } from '../subscription.ts';
import { FILTER } from './filter.ts';
import { NAME, page, TIME } from './name.ts';
import { integer } from './number.ts';

const FROM_RULE = { error: 'must be "earliest", "latest" or a time in milliseconds' };
const FORMAT_RULE = { error: `must be one of ${DELIVERY_FORMATS.join(', ')}` };
const URL_RULE = { error: `must be an absolute URL of at most ${LIMITS.endpointUrlBytes} bytes` };
const HEADERS_RULE = {
  error: `must be at most ${LIMITS.endpointHeaders} names of HTTP headers with their values, ${LIMITS.endpointHeaderBytes} bytes in all`,
};
const RATE_RULE = { error: `must be a number from 0.001 to ${LIMITS.deliveriesPerSecond}` };

export const FROM = z.union([z.enum(['earliest', 'latest']), integer(0, LIMITS.timestampMs)], FROM_RULE);

/** RFC 9110, sections 5.1 and 5.5: a token, and visible characters with blanks between them. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^(?:[\x21-\x7e](?:[\t \x21-\x7e]*[\x21-\x7e])?)?$/;
/** What says what a delivery is, and what a connection needs, is not for a tenant to say. */
const RESERVED =
  /^(?:host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|content-.*|webhook-.*|ce-.*|chasqui-.*|traceparent|tracestate)$/i;

const headersFit = (headers: Readonly<Record<string, string>>): boolean => {
  const rows = Object.entries(headers);
  const bytes = rows.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return rows.length <= LIMITS.endpointHeaders && bytes <= LIMITS.endpointHeaderBytes;
};

const HEADERS = z
  .record(z.string(), z.string({ error: 'must be a text' }), HEADERS_RULE)
  .refine(headersFit, HEADERS_RULE)
  .refine((headers) => Object.keys(headers).every((name) => HEADER_NAME.test(name)), {
    error: 'must have names that are HTTP tokens',
  })
  .refine((headers) => !Object.keys(headers).some((name) => RESERVED.test(name)), {
    error: 'must not name headers that deliveries set themselves',
  })
  .refine(
    (headers) => new Set(Object.keys(headers).map((name) => name.toLowerCase())).size === Object.keys(headers).length,
    {
      error: 'must not name a header twice',
    },
  )
  .refine((headers) => Object.values(headers).every((value) => HEADER_VALUE.test(value)), {
    error: 'must have values of visible ASCII characters',
  });

const ENDPOINT = z.strictObject({
  url: z.string(URL_RULE).min(1, URL_RULE).max(LIMITS.endpointUrlBytes, URL_RULE),
  headers: HEADERS.nullish(),
  handshake: z.boolean({ error: 'must be true or false' }).nullish(),
});

const BATCH = z.strictObject({
  maxRecords: integer(1, LIMITS.recordsPerDelivery).nullish(),
  maxWaitMs: integer(0, LIMITS.deliveryWaitMs).nullish(),
});

const SCHEDULE_RULE = { error: `must be a list of 1 to ${LIMITS.deliverySchedule} pauses` };

const RETRY = z.strictObject({
  maxAttempts: integer(1, LIMITS.deliveryAttempts).nullish(),
  scheduleMs: z
    .array(integer(0, LIMITS.deliveryGapMs), SCHEDULE_RULE)
    .min(1, SCHEDULE_RULE)
    .max(LIMITS.deliverySchedule, SCHEDULE_RULE)
    .nullish(),
  timeoutMs: integer(100, LIMITS.deliveryTimeoutMs).nullish(),
});

/** Body of PUT and PATCH. A field left out takes its default when created and stays as it is when updated. */
export const SUBSCRIPTION_SETTINGS = z
  .strictObject({
    topic: NAME.nullish(),
    endpoint: ENDPOINT.nullish(),
    from: FROM.nullish(),
    filter: FILTER.nullish(),
    format: z.enum(DELIVERY_FORMATS, FORMAT_RULE).nullish(),
    batch: BATCH.nullish(),
    retry: RETRY.nullish(),
    deadLetterTopic: NAME.nullish(),
    maxInFlight: integer(1, LIMITS.deliveriesInFlight).nullish(),
    rateLimit: z.number(RATE_RULE).min(0.001, RATE_RULE).max(LIMITS.deliveriesPerSecond, RATE_RULE).nullish(),
  })
  .meta({ id: 'SubscriptionSettings' });

export const REPLAY = z.strictObject({ from: FROM }).meta({ id: 'Replay' });

const SHOWN = {
  id: NAME,
  topic: NAME,
  endpoint: z.strictObject({
    url: z.string(),
    headers: z.record(z.string(), z.string()).optional(),
    handshake: z.boolean().optional(),
  }),
  from: FROM,
  filter: FILTER.nullable(),
  format: z.enum(DELIVERY_FORMATS),
  batch: z.strictObject({ maxRecords: z.int(), maxWaitMs: z.int() }).nullable(),
  retry: z.strictObject({ maxAttempts: z.int().nullable(), scheduleMs: z.array(z.int()), timeoutMs: z.int() }),
  deadLetterTopic: NAME.nullable(),
  maxInFlight: z.int(),
  rateLimit: z.number().nullable(),
  status: z.enum(SUBSCRIPTION_STATUSES),
  statusReason: z.string().optional(),
  createdAt: TIME,
  updatedAt: TIME,
};

export const SUBSCRIPTION = z.strictObject(SHOWN).meta({ id: 'Subscription' });
/** The secret is in the answers that make one and in no others. */
export const SUBSCRIPTION_WITH_SECRET = z
  .strictObject({ ...SHOWN, secret: z.string() })
  .meta({ id: 'SubscriptionWithSecret' });
export const SUBSCRIPTION_PAGE = page(SUBSCRIPTION).meta({ id: 'SubscriptionPage' });

const TRY = {
  webhookId: z.string(),
  status: z.int().nullable(),
  error: z.string().nullable(),
  durationMs: z.int(),
  response: z.string(),
};

export const DELIVERY_TEST = z.strictObject(TRY).meta({ id: 'DeliveryTest' });

export const ATTEMPT_PAGE = page(
  z
    .strictObject({
      id: z.string(),
      time: TIME,
      partition: z.int(),
      offset: z.int(),
      lastOffset: z.int(),
      attempt: z.int(),
      outcome: z.enum(OUTCOMES),
      ...TRY,
      nextTryAt: TIME.nullable(),
    })
    .meta({ id: 'Attempt' }),
).meta({ id: 'AttemptPage' });
