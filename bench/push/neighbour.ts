import type { Bus } from '../bus.ts';
import { divide, median } from '../statistics.ts';
import type { PushReceiver } from './receiver.ts';
import { drain, fillTopic, type Shape, subscribe, unsubscribe } from './throughput.ts';

/** How fast one subscription is by itself, and beside two to the same topic whose endpoints answer late or not at all. */
export interface Neighbours {
  readonly alonePerSecond: number;
  readonly besidePerSecond: number;
  /** Taken within each round. */
  readonly ratio: number;
}

const TOPIC = 'neighbours';
const SLOW_MS = 500;
const IN_FLIGHT = { maxInFlight: 16, from: 'earliest' };

export const measureNeighbours = async (
  bus: Bus,
  receiver: PushReceiver,
  rounds: number,
  shape: Shape,
): Promise<Neighbours> => {
  await fillTopic(bus, TOPIC, 1, shape.records);
  const fast = receiver.open('/fast');
  const late = receiver.open('/late', SLOW_MS);
  const silent = receiver.open('/silent', Number.POSITIVE_INFINITY);
  const alone: number[] = [];
  const beside: number[] = [];
  await drain(bus, fast, TOPIC, shape);
  for (let round = 0; round < rounds; round += 1) {
    alone.push((await drain(bus, fast, TOPIC, shape)).requestsPerSecond);
    await subscribe(bus, 'late', TOPIC, late, IN_FLIGHT);
    await subscribe(bus, 'silent', TOPIC, silent, IN_FLIGHT);
    beside.push((await drain(bus, fast, TOPIC, shape)).requestsPerSecond);
    await Promise.all([unsubscribe(bus, 'late'), unsubscribe(bus, 'silent')]);
  }
  const ratios = alone.map((rate, round) => divide(beside[round] ?? 0, rate));
  return { alonePerSecond: median(alone), besidePerSecond: median(beside), ratio: median(ratios) };
};
