/** How long a call takes in AWS, from the function and back, in milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/**
 * AWS publishes promises rather than percentiles: "single-digit milliseconds" on average for DynamoDB's reads and writes of an item, and for S3
 * Express; "100-200 milliseconds" for small objects of S3. Medians are inside of these; where nothing is said of a p99, it is taken
 * to be about three times the median. A transaction is two rounds.
 */
export const LATENCIES = {
  'DynamoDB read': { p50: 5, p99: 15 },
  'DynamoDB write': { p50: 7, p99: 20 },
  'DynamoDB transaction': { p50: 14, p99: 40 },
  'S3 Express': { p50: 7, p99: 20 },
  'S3 Standard': { p50: 100, p99: 200 },
} as const satisfies Readonly<Record<string, Latency>>;

export type Service = keyof typeof LATENCIES;

/** Of the standard normal distribution: what 99 % are below. */
const Z99 = 2.3263;

/** Lognormal, as latencies of services nearly are; drawn by Box and Muller's method from two fractions. */
export const drawMs = ({ p50, p99 }: Latency, fraction: () => number): number => {
  const normal = Math.sqrt(-2 * Math.log(1 - fraction())) * Math.cos(2 * Math.PI * fraction());
  return p50 * Math.exp((Math.log(p99 / p50) / Z99) * normal);
};
