import { OPERATIONS, type Operation } from './operations.ts';
import { PRICES } from './prices.ts';

/** How many records a month, and how many go in one request. Each is read once, a hundred at a time. */
export interface Load {
  readonly records: number;
  readonly perRequest: 1 | 100;
}

export const RECORD_BYTES = 1000;
export const GB = 1e9;
const RETENTION_SHARE = 7 / 30;
/** Access log and the function's line. */
const LOG_BYTES_PER_REQUEST = 1200;
const TRACED_SHARE = 0.05;
const FUNCTION_GB = 1;
/** Of the six alarms: four look at one metric each, one at the throttles of six functions, one at seven operations of the table. */
const ALARM_METRICS = 4 + 6 + 7;
/** The operator's, and the one that seals the secrets of subscriptions. */
const SECRETS = 2;
const HOURS = 730;
const MINUTES = HOURS * 60;
/** The look for deliveries that nobody was called for, where there are no subscriptions: how far it has come, their list, and what removals left. */
const SWEEP = { writeUnits: 0, readUnits: 3, puts: 0, gets: 0, functionMs: 20 } as const satisfies Operation;
/** The hourly look for what topics no longer keep, where there is one topic with one partition: how far it has come, tenants, topics, heads, index. */
const RETENTION = { writeUnits: 0, readUnits: 6, puts: 0, gets: 0, functionMs: 40 } as const satisfies Operation;
/** Lambda asks an empty queue for messages with five pollers, 20 s each time. */
const POLLS_PER_MINUTE = 5 * 3;
/** Four of each of the functions that serve records. */
const CUSTOM_METRICS = 8;

/** Of a function that was called by whomever. */
const ofCall = ({ writeUnits, readUnits, puts, gets, functionMs }: Operation): number =>
  PRICES.lambdaRequest +
  (functionMs / 1000) * FUNCTION_GB * PRICES.lambdaGbSecond +
  writeUnits * PRICES.writeUnit +
  readUnits * PRICES.readUnit +
  puts * PRICES.s3Put +
  gets * PRICES.s3Get +
  (LOG_BYTES_PER_REQUEST / GB) * PRICES.logGb +
  TRACED_SHARE * PRICES.traceKept;

const ofOperation = (operation: Operation): number => PRICES.httpApiRequest + ofCall(operation);

/** What is kept for seven days: small batches in the table, larger ones in S3. */
const storage = ({ records, perRequest }: Load): number => {
  const gb = (records * RECORD_BYTES * RETENTION_SHARE) / GB;
  return gb * (perRequest === 1 ? PRICES.tableGbMonth + PRICES.pointInTimeGbMonth : PRICES.s3GbMonth);
};

/** Paid by the month whether anybody calls or not. Custom metrics only while there are requests. */
const fixed = (records: number): number =>
  SECRETS * PRICES.secretMonth +
  MINUTES * (ofCall(SWEEP) + POLLS_PER_MINUTE * PRICES.sqsRequest) +
  HOURS * ofCall(RETENTION) +
  ALARM_METRICS * PRICES.alarmMetricMonth +
  (records > 0 ? CUSTOM_METRICS * PRICES.customMetricMonth : 0);

/** Dollars a month. */
export const chasqui = (load: Load): number => {
  const { records, perRequest } = load;
  const [produce, fetch] =
    perRequest === 1
      ? [OPERATIONS.produceOne, OPERATIONS.fetchOnes]
      : [OPERATIONS.produceHundred, OPERATIONS.fetchHundred];
  return (
    fixed(records) +
    (records / perRequest) * ofOperation(produce) +
    (records / 100) * ofOperation(fetch) +
    storage(load)
  );
};
