import { randomUUID } from 'node:crypto';
import type { Client } from '../../client/client.ts';
import { isRefused } from '../../client/produce.ts';
import { withRetry } from '../../client/with-retry.ts';
import { type Flight, recordOf } from './flights.ts';
import { Stopwatch } from './stopwatch.ts';

const BATCH = 200;

/** Each airport belongs to one producer, which sends its flights in order, one request at a time. */
const laneOf = (origin: string, producers: number): number =>
  [...origin].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 65_521, 0) % producers;

/** Each request has an idempotency key, so that one whose answer was lost may be sent again. */
const sendBatch = async (client: Client, topic: string, flights: readonly Flight[]): Promise<void> => {
  const lines = flights.map(recordOf).join('');
  const idempotencyKey = `demo.${randomUUID()}`;
  const { results } = await withRetry(() => client.produceNdjson(topic, lines, { idempotencyKey }));
  const refused = results.find(isRefused);
  if (refused !== undefined) throw new Error(`A record was refused: ${refused.error.code}: ${refused.error.detail}`);
  if (results.length !== flights.length) throw new Error(`${results.length} results for ${flights.length} records.`);
};

export const produceFlights = async (
  client: Client,
  topic: string,
  flights: readonly Flight[],
  { producers, onProgress }: { readonly producers: number; readonly onProgress: (stopwatch: Stopwatch) => void },
): Promise<Stopwatch> => {
  const stopwatch = new Stopwatch();
  const lanes: Flight[][] = Array.from({ length: producers }, () => []);
  for (const flight of flights) lanes[laneOf(flight.origin, producers)]?.push(flight);
  const run = async (lane: readonly Flight[]): Promise<void> => {
    for (let at = 0; at < lane.length; at += BATCH) {
      const batch = lane.slice(at, at + BATCH);
      await stopwatch.time(() => sendBatch(client, topic, batch));
      stopwatch.records += batch.length;
      onProgress(stopwatch);
    }
  };
  await Promise.all(lanes.map(run));
  return stopwatch;
};
