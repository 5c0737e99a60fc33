import { setTimeout } from 'node:timers/promises';
import type { Client } from '../../client/client.ts';
import { PushChecker } from './check-push.ts';
import type { Check } from './check-records.ts';
import type { Flight } from './flights.ts';
import { startReceiver } from './push-receiver.ts';
import { type Pace, Stopwatch } from './stopwatch.ts';

export interface PushWork {
  readonly pace: Pace;
  readonly checks: readonly Check[];
}

/** Enough of them, at many airports, to see the pace; a request each. */
export const PUSHED_PREFIX = 'C';
/** One at a time for each airport, so many for each partition. */
const IN_FLIGHT = 10;
const PATIENCE_MS = 60_000;
const LOOK_MS = 5;

/** A webhook on this machine gets the flights of some airports, signed, and says what was wrong with them. */
export const pushFlights = async (client: Client, topic: string, flights: readonly Flight[]): Promise<PushWork> => {
  const wanted = flights.filter(({ origin }) => origin.startsWith(PUSHED_PREFIX));
  const checker = new PushChecker(wanted);
  const stopwatch = new Stopwatch();
  const id = `${topic}-push`;
  // The first delivery may come before the answer that has the secret.
  const receiver = await startReceiver(async (delivery) => {
    const { secret } = await subscribed;
    return checker.take(delivery, secret?.reveal() ?? '');
  });
  const subscribed = client.subscriptions.put(id, {
    topic,
    endpoint: { url: receiver.url },
    from: 'earliest',
    format: 'raw',
    filter: { prefix: { key: PUSHED_PREFIX } },
    maxInFlight: IN_FLIGHT,
  });
  try {
    await subscribed;
    const until = performance.now() + PATIENCE_MS;
    while (!checker.isDone() && performance.now() < until) await setTimeout(LOOK_MS);
    stopwatch.records = wanted.length;
    return { pace: stopwatch.pace(), checks: checker.checks() };
  } finally {
    await client.subscriptions.delete(id).catch(() => undefined);
    await receiver.stop();
  }
};
