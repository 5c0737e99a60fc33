import { ask, type Bus, makeTopic } from '../bus.ts';
import { cpuSeconds } from '../cpu-time.ts';
import type { Inbox } from './receiver.ts';

export interface Shape {
  readonly name: string;
  readonly partitions: number;
  /** Of the subscription. */
  readonly more: Readonly<Record<string, unknown>>;
  readonly records: number;
  /** Of one request. */
  readonly recordsEach: number;
}

export interface Throughput {
  readonly requestsPerSecond: number;
  readonly recordsPerSecond: number;
  readonly cpuMicrosPerRequest: number;
}

const PER_REQUEST = 500;
const VALUE = { order: 123_456, customer: 'acme', note: 'x'.repeat(960) };

/** Records of 1 KiB, each of another key, the same number in every partition. */
export const fillTopic = async (bus: Bus, topic: string, partitions: number, records: number): Promise<void> => {
  await makeTopic(bus, topic, partitions);
  for (let at = 0; at < records; at += PER_REQUEST) {
    const rows = Array.from({ length: PER_REQUEST }, (_, n) => ({
      key: `key-${at + n}`,
      partition: (at + n) % partitions,
      value: VALUE,
    }));
    await ask(bus, 'POST', `/v1/topics/${topic}/records`, JSON.stringify({ records: rows }));
  }
};

export const subscribe = async (bus: Bus, id: string, topic: string, { url }: Inbox, more: object): Promise<void> => {
  await ask(bus, 'PUT', `/v1/subscriptions/${id}`, JSON.stringify({ topic, endpoint: { url }, ...more }));
};

export const unsubscribe = (bus: Bus, id: string): Promise<string> => ask(bus, 'DELETE', `/v1/subscriptions/${id}`);

/** What is stored already goes out as fast as it does: from the subscription's creation to the last request's arrival. */
export const drain = async (
  bus: Bus,
  inbox: Inbox,
  topic: string,
  { more, records, recordsEach }: Shape,
): Promise<Throughput> => {
  const before = inbox.count();
  const cpuBefore = cpuSeconds(bus.pid);
  const startedAt = performance.now();
  await subscribe(bus, 'drain', topic, inbox, { from: 'earliest', ...more });
  await inbox.reaches(before + Math.ceil(records / recordsEach));
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = cpuSeconds(bus.pid) - cpuBefore;
  const requests = inbox.count() - before;
  await unsubscribe(bus, 'drain');
  return {
    requestsPerSecond: requests / seconds,
    recordsPerSecond: records / seconds,
    cpuMicrosPerRequest: (cpu * 1e6) / requests,
  };
};
