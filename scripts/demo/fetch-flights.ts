import type { Client } from '../../client/client.ts';
import { withRetry } from '../../client/with-retry.ts';
import { type Check, mergeChecks, RecordChecker } from './check-records.ts';
import type { Flight } from './flights.ts';
import { Stopwatch } from './stopwatch.ts';

const LIMIT = 2_000;

/** Reads all partitions from the start to the first empty answer. */
const readAll = async (client: Client, topic: string, checker: RecordChecker, stopwatch: Stopwatch): Promise<void> => {
  for (let cursor: string | undefined; ; ) {
    const query = { cursor, limit: LIMIT };
    const answer = await stopwatch.time(() => withRetry(() => client.fetchTopic(topic, query)));
    if (answer.records.length === 0) return;
    for (const record of answer.records) checker.look(record);
    stopwatch.records += answer.records.length;
    cursor = answer.cursor;
  }
};

export interface Reading {
  readonly stopwatch: Stopwatch;
  readonly checks: readonly Check[];
  /** Flights by airport, as the first reader saw them. */
  readonly departures: ReadonlyMap<string, number>;
}

/** Several readers at once, each of which has to see everything. */
export const fetchFlights = async (
  client: Client,
  topic: string,
  flights: readonly Flight[],
  readers: number,
): Promise<Reading> => {
  const stopwatch = new Stopwatch();
  const checkers = Array.from({ length: readers }, () => new RecordChecker(flights));
  await Promise.all(checkers.map((checker) => readAll(client, topic, checker, stopwatch)));
  const checks = mergeChecks(checkers.map((checker) => checker.checks()));
  return { checks, departures: checkers[0]?.departures ?? new Map(), stopwatch };
};
