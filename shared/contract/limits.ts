const KIB = 1024;
const MIB = 1024 * KIB;
const SECOND_MS = 1000;
const DAY_MS = 24 * 60 * 60 * SECOND_MS;

/** Every limit of the HTTP surface, in one place; each is tested on both sides. `GET /v1/limits` answers this object. */
export const LIMITS = {
  /** Key, value and headers together. Kafka's own default (`message.max.bytes`). */
  recordBytes: 1 * MIB,
  /** Both before and after decompression. Lambda takes 6 MB and a binary body travels as base64, a third larger. */
  requestBytes: 4 * MIB,
  /** Bodies of the routes that carry no records. */
  metadataRequestBytes: 64 * KIB,
  recordsPerRequest: 10_000,
  headerNameBytes: 256,
  headersPerRecord: 1000,
  nameLength: 128,
  /** Nesting of a record's JSON value: deep enough for data, shallow enough for every parser's stack. */
  jsonDepth: 512,
  partitionsPerTopic: 1024,
  /** More zones than this no cloud region has. */
  copiesPerTopic: 6,
  fetchRecords: 10_000,
  fetchRecordsDefault: 500,
  /** An HTTP answer of a Lambda is at most 6 MB, base64 included. */
  fetchBytes: 4 * MIB,
  fetchBytesDefault: 1 * MIB,
  /** An HTTP API cuts a request after 30 s; the rest is for the work itself. */
  waitMs: 20 * SECOND_MS,
  listLimit: 1000,
  listLimitDefault: 100,
  idempotencyKeyLength: 255,
  idempotencyWindowMs: DAY_MS,
  scopesPerKey: 32,
  topicsPerScope: 64,
  keyNameLength: 128,
  endpointUrlBytes: 2048,
  endpointHeaders: 32,
  /** Of all extra headers of an endpoint. */
  endpointHeaderBytes: 8 * KIB,
  filterDepth: 8,
  /** Comparisons and operators of one filter. */
  filterSize: 128,
  deliveryAttempts: 1000,
  deliverySchedule: 64,
  deliveryGapMs: 7 * DAY_MS,
  /** A function of AWS that waits longer costs more than what it waits for. */
  deliveryTimeoutMs: 30 * SECOND_MS,
  deliveriesInFlight: 100,
  deliveriesPerSecond: 10_000,
  recordsPerDelivery: 1000,
  deliveryWaitMs: 60 * SECOND_MS,
  rotationOverlapMs: 30 * DAY_MS,
  /** How long a ticket for streams is good: it may be seen in a URL. */
  ticketMs: 60 * SECOND_MS,
  topicsPerMember: 100,
  /** As Kafka's consumers: shorter ones would die of a slow network, longer ones keep the dead for too long. */
  sessionTimeoutMinMs: 3 * SECOND_MS,
  sessionTimeoutMs: 600 * SECOND_MS,
  sessionTimeoutDefaultMs: 30 * SECOND_MS,
  /** Of a request that carries a group's cursor or offsets: some 20 bytes for each partition of the member. */
  groupRequestBytes: 1 * MIB,
  /** What Node takes: request line and headers together. */
  requestHeaderBytes: 16 * KIB,
  uriBytes: 8 * KIB,
  /** The latest time that JavaScript's dates, and so RFC 3339, can show. */
  timestampMs: 8_640_000_000_000_000,
} as const;

/** What a topic gets where its creator says nothing. */
export const TOPIC_DEFAULTS = {
  partitions: 1,
  retentionMs: 7 * DAY_MS,
  retentionBytes: -1,
  cleanupPolicy: 'delete',
} as const;

/** What a subscription gets where its creator says nothing. */
export const SUBSCRIPTION_DEFAULTS = {
  format: 'cloudevents',
  from: 'latest',
  /** Before each try: Standard Webhooks' own schedule. */
  scheduleMs: [
    0,
    5 * SECOND_MS,
    300 * SECOND_MS,
    1800 * SECOND_MS,
    7200 * SECOND_MS,
    18_000 * SECOND_MS,
    36_000 * SECOND_MS,
  ],
  timeoutMs: 15 * SECOND_MS,
  maxInFlight: 1,
  batchRecords: 100,
  batchWaitMs: 0,
} as const;
