/** List prices of us-east-1 in US dollars, without free tiers and discounts. Change the date with any of them. */
export const PRICES_AS_OF = 'November 2025';

const MILLION = 1_000_000;
const HOURS_PER_MONTH = 730;

export const PRICES = {
  httpApiRequest: 1 / MILLION,
  lambdaRequest: 0.2 / MILLION,
  /** Arm64. */
  lambdaGbSecond: 0.000_013_333_4,
  /** DynamoDB on demand. */
  writeUnit: 0.625 / MILLION,
  readUnit: 0.125 / MILLION,
  tableGbMonth: 0.25,
  pointInTimeGbMonth: 0.2,
  s3Put: 5 / MILLION,
  s3Get: 0.4 / MILLION,
  s3GbMonth: 0.023,
  logGb: 0.5,
  /** X-Ray keeps one request in twenty. */
  traceKept: 5 / MILLION,
  alarmMetricMonth: 0.1,
  customMetricMonth: 0.3,
  secretMonth: 0.4,
  eventBridgeEvent: 1 / MILLION,
  /** Standard queue, of 64 KB at most. */
  sqsRequest: 0.4 / MILLION,
  /** On demand. */
  kinesisStreamMonth: 0.04 * HOURS_PER_MONTH,
  kinesisGbIn: 0.08,
  kinesisGbOut: 0.04,
  mskServerlessMonth: 0.75 * HOURS_PER_MONTH,
  mskGbIn: 0.1,
  mskGbOut: 0.05,
} as const;
