import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bus, makeTopic } from '../bus.ts';
import { call, keptConnections } from './call.ts';
import type { PushReceiver } from './receiver.ts';
import { subscribe, unsubscribe } from './throughput.ts';

export interface Latencies {
  /** From the request to its durable answer. */
  readonly produce: readonly number[];
  /** From the same request to the webhook's arrival, and to the answer of a long poll that waits. */
  readonly webhook: readonly number[];
  readonly longPoll: readonly number[];
}

const TOPIC = 'latency';
/** Until the poll is waiting, and what was before has come to its end. */
const SETTLE_MS = 10;
const BODY = JSON.stringify({ records: [{ value: { note: 'x'.repeat(1000) } }] });

const sorted = (times: readonly number[]): readonly number[] => [...times].sort((a, b) => a - b);

/** One record at a time, with a subscription and a long poll that wait for it. Milliseconds, in their order. */
export const measureLatencies = async (bus: Bus, receiver: PushReceiver, samples: number): Promise<Latencies> => {
  await makeTopic(bus, TOPIC, 1);
  const agent = keptConnections();
  const arrivals = new EventTarget();
  const inbox = receiver.open(`/${TOPIC}`, 0, () => arrivals.dispatchEvent(new Event('came')));
  await subscribe(bus, TOPIC, TOPIC, inbox, {});
  const produce: number[] = [];
  const webhook: number[] = [];
  const longPoll: number[] = [];
  for (let offset = 0; offset < samples; offset += 1) {
    const poll = call(agent, `${bus.url}/v1/topics/${TOPIC}/partitions/0/records?offset=${offset}&waitMs=20000`, {
      method: 'GET',
      headers: bus.headers,
    });
    await sleep(SETTLE_MS);
    const startedAt = performance.now();
    const since = (times: number[]) => (): number => times.push(performance.now() - startedAt);
    const headers = { ...bus.headers, 'content-type': 'application/json' };
    await Promise.all([
      once(arrivals, 'came').then(since(webhook)),
      poll.then(since(longPoll)),
      call(agent, `${bus.url}/v1/topics/${TOPIC}/records`, { method: 'POST', headers, body: BODY }).then(
        since(produce),
      ),
    ]);
  }
  await unsubscribe(bus, TOPIC);
  agent.destroy();
  return { produce: sorted(produce), webhook: sorted(webhook), longPoll: sorted(longPoll) };
};
