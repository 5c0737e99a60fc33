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
/** Of the six alarms: four look at one metric each, one at each function's throttles, one at seven operations of the table. */
const ALARM_METRICS = 4 + 4 + 7;
/** Four of each of the functions that serve records. */
const CUSTOM_METRICS = 8;

const ofOperation = ({ writeUnits, readUnits, puts, gets, functionMs }: Operation): number =>
  PRICES.httpApiRequest +
  PRICES.lambdaRequest +
  (functionMs / 1000) * FUNCTION_GB * PRICES.lambdaGbSecond +
  writeUnits * PRICES.writeUnit +
  readUnits * PRICES.readUnit +
  puts * PRICES.s3Put +
  gets * PRICES.s3Get +
  (LOG_BYTES_PER_REQUEST / GB) * PRICES.logGb +
  TRACED_SHARE * PRICES.traceKept;

/** What is kept for seven days: small batches in the table, larger ones in S3. */
const storage = ({ records, perRequest }: Load): number => {
  const gb = (records * RECORD_BYTES * RETENTION_SHARE) / GB;
  return gb * (perRequest === 1 ? PRICES.tableGbMonth + PRICES.pointInTimeGbMonth : PRICES.s3GbMonth);
};

/** Paid by the month whether anybody calls or not: the operator's secret and the alarms. Custom metrics only while there are requests. */
const fixed = (records: number): number =>
  PRICES.secretMonth +
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
