import { setTimeout as pause } from 'node:timers/promises';
import { bytesOf, freshName, makeTopic, must, readPartition } from '../support/bus.ts';
import { type Caller, Http } from '../support/http.ts';
import { type Event, nameOf } from '../support/push-ledger.ts';
import { Seeded } from '../support/seeded.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { PushEndpoint } from './push-endpoint.ts';

const PARTITIONS = 8;
const KEYS = 200;
/** Refused whatever happens. */
const POISON_EVERY = 1250;
const PRODUCED_AT_ONCE = 100;
/**
 * So that being down, or a bad hand of chances, is no reason to give up, and poison does not take long. Nothing that the endpoint has
 * answered may be too late for the server, however busy the machine is.
 */
const RETRY = { maxAttempts: 20, scheduleMs: [0, 5, 10, 20, 40, 80, 160, 320], timeoutMs: 3000 };
const DOWN_MS = 1500;
const ARRIVAL_MS = 200;
const QUIET_LIMIT_MS = 60_000;

const SHAPES = {
  one: {},
  many: { maxInFlight: 8, format: 'cloudevents-structured' },
  batch: { batch: { maxRecords: 20, maxWaitMs: 50 } },
} as const;
type Shape = keyof typeof SHAPES;

export interface PushReport {
  readonly shape: Shape;
  readonly faults: readonly string[];
  readonly missing: readonly string[];
  /** Neither accepted nor a dead letter, or both. */
  readonly deadLetterFaults: readonly string[];
  readonly accepted: number;
  readonly deadLetters: number;
  readonly repeats: number;
  readonly tookMs: number;
  readonly counts: Readonly<Record<string, number>>;
}

export interface PushRun {
  readonly server: ServerProcess;
  readonly records: number;
  readonly kills: number;
  readonly seed: number;
}

interface Watched {
  readonly shape: Shape;
  readonly endpoint: PushEndpoint;
  readonly deadTopic: string;
}

const eventsOf = (records: number): Event[] => {
  const counts = new Map<string, number>();
  return Array.from({ length: records }, (_, n) => {
    const key = `key ${(n * 7) % KEYS}`;
    const index = counts.get(key) ?? 0;
    counts.set(key, index + 1);
    return { key, index, poison: n % POISON_EVERY === POISON_EVERY - 1 };
  });
};

/** The server as it is now; after a kill it is at another port. */
class Bus {
  readonly server: ServerProcess;
  api: Caller;

  constructor(server: ServerProcess) {
    this.server = server;
    this.api = this.#caller();
  }

  async restart(): Promise<void> {
    await this.server.restart();
    this.api = this.#caller();
  }

  #caller(): Caller {
    return new Http(this.server.baseUrl).as(this.server.devKey);
  }
}

const subscribe = async ({ api }: Bus, topic: string, shape: Shape, seeded: Seeded): Promise<Watched> => {
  const deadTopic = (await makeTopic(api, {}, freshName(`dead-${shape}`))).name;
  const endpoint = new PushEndpoint(seeded, RETRY.timeoutMs);
  await endpoint.goUp();
  const body = {
    topic,
    from: 'earliest',
    endpoint: { url: endpoint.url },
    retry: RETRY,
    deadLetterTopic: deadTopic,
    ...SHAPES[shape],
  };
  const made = must(await api.put(`/v1/subscriptions/${freshName(shape)}`, body), 201).json<{ secret: string }>();
  endpoint.secret = made.secret;
  return { shape, endpoint, deadTopic };
};

/** Each record once, whatever happens to the server meanwhile. */
const produceAll = async (bus: Bus, topic: string, events: readonly Event[]): Promise<void> => {
  for (let at = 0; at < events.length; at += PRODUCED_AT_ONCE) {
    const part = events.slice(at, at + PRODUCED_AT_ONCE);
    const json = { records: part.map((event) => ({ key: event.key, value: event, headers: { h: event.key } })) };
    const headers = { 'idempotency-key': `part-${at}` };
    for (;;) {
      const answer = await bus.api
        .send('POST', `/v1/topics/${topic}/records`, { json, headers })
        .catch(() => undefined);
      if (answer?.status === 200) break;
      await pause(50);
    }
  }
};

const doneOf = ({ endpoint }: Watched): number => endpoint.ledger.acceptedCount;

/** Kills the server and takes the endpoints down, by turns, while there is something to do. */
const disturb = async (bus: Bus, watched: readonly Watched[], { records, kills }: PushRun): Promise<void> => {
  for (let turn = 1; turn <= 2 * kills; turn += 1) {
    const goal = (turn * records) / (2 * kills + 1);
    while (watched.every((each) => doneOf(each) < goal)) await pause(10);
    if (turn % 2 === 1) {
      await bus.server.kill();
      // What the dead one had sent has arrived by then.
      await pause(ARRIVAL_MS);
      for (const { endpoint } of watched) endpoint.ledger.serverDied();
      await bus.restart();
    } else {
      await Promise.all(watched.map(({ endpoint }) => endpoint.goDown()));
      await pause(DOWN_MS);
      await Promise.all(watched.map(({ endpoint }) => endpoint.goUp()));
    }
  }
};

/** Until nothing comes any more though it should, or all is there. */
const untilAccepted = async (watched: Watched, events: readonly Event[], deadCount: () => Promise<number>) => {
  const startedAt = Date.now();
  let seen = -1;
  let changedAt = startedAt;
  for (;;) {
    const dead = await deadCount().catch(() => 0);
    const done = doneOf(watched) + dead;
    if (doneOf(watched) + dead >= events.length) return;
    if (done !== seen) [seen, changedAt] = [done, Date.now()];
    if (Date.now() - changedAt > QUIET_LIMIT_MS) return;
    await pause(100);
  }
};

interface Letter {
  readonly name: string;
  readonly fault: string | undefined;
}

const lettersOf = async ({ api }: Bus, { deadTopic }: Watched): Promise<Letter[]> => {
  const records = await readPartition(api, deadTopic, 0);
  return records.map((record) => {
    const event = record.value as Event;
    const { headers = {} } = record;
    const key = bytesOf(record.key, record.keyBase64)?.toString();
    const whole = key === event.key && headers['h'] === event.key;
    const told = headers['chasqui-error-attempts'] === '20' && /^HTTP |./.test(headers['chasqui-error'] ?? '');
    return { name: nameOf(event), fault: whole && told ? undefined : `${nameOf(event)}: ${JSON.stringify(record)}` };
  });
};

const reportOf = async (bus: Bus, watched: Watched, events: readonly Event[], startedAt: number) => {
  const { ledger, counts } = watched.endpoint;
  const distinct = async (): Promise<number> => new Set((await lettersOf(bus, watched)).map(({ name }) => name)).size;
  await untilAccepted(watched, events, distinct);
  const tookMs = Date.now() - startedAt;
  const letters = await lettersOf(bus, watched);
  const givenUp = new Set(letters.map(({ name }) => name));
  const poisoned = events.filter(({ poison }) => poison).filter((event) => !givenUp.has(nameOf(event)));
  return {
    shape: watched.shape,
    faults: [...ledger.faults, ...ledger.skipped(givenUp)],
    missing: events.filter((event) => !ledger.wasAccepted(event) && !givenUp.has(nameOf(event))).map(nameOf),
    // A batch that had gone out before a kill, and was not stored, may be put together anew, with poison in it.
    deadLetterFaults: [
      ...letters.flatMap(({ fault }) => fault ?? []),
      ...poisoned.map((event) => `${nameOf(event)} is poison and no dead letter`),
      ...events
        .filter((event) => ledger.wasAccepted(event) && givenUp.has(nameOf(event)))
        .map((e) => `${nameOf(e)}: both`),
    ],
    accepted: ledger.acceptedCount,
    deadLetters: letters.length,
    repeats: ledger.repeats,
    tookMs,
    counts,
  };
};

/** Records through three subscriptions to endpoints with every trouble, while the server is killed and the endpoints are down at times. */
export const pushRun = async (run: PushRun): Promise<PushReport[]> => {
  const seeded = new Seeded(run.seed);
  const bus = new Bus(run.server);
  const { name: topic } = await makeTopic(bus.api, { partitions: PARTITIONS });
  const watched: Watched[] = [];
  for (const shape of Object.keys(SHAPES) as Shape[]) watched.push(await subscribe(bus, topic, shape, seeded));
  const events = eventsOf(run.records);
  const startedAt = Date.now();
  try {
    await Promise.all([produceAll(bus, topic, events), disturb(bus, watched, run)]);
    return await Promise.all(watched.map((each) => reportOf(bus, each, events, startedAt)));
  } finally {
    await Promise.all(watched.map(({ endpoint }) => endpoint.goDown()));
  }
};
