import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadFlights, recordOf } from '../../scripts/demo/flights.ts';
import { freshName, makeTopic, must, watermarks } from '../support/bus.ts';
import type { Answer, Caller } from '../support/http.ts';
import { Seeded } from '../support/seeded.ts';
import { GroupLedger } from './group-ledger.ts';
import { GroupWorker, type WorkerPlan } from './group-worker.ts';

const FLIGHTS = fileURLToPath(new URL('../../node_modules/vega-datasets/data/flights-20k.json', import.meta.url));
const PARTITIONS = 12;
const MEMBERS = 6;
/** The shortest there is. */
const SESSION_MS = 3000;
const BATCH = 250;
const LOSS_PERCENT = 5;

export interface ChaosOptions {
  /** One or more servers on one store. */
  readonly instances: readonly Caller[];
  /** How long members come and go while the flights are written. */
  readonly durationMs: number;
  readonly seed: number;
  /** Towards how many members it goes back (6). */
  readonly members?: number;
}

export interface ChaosReport {
  readonly flights: number;
  readonly faults: readonly string[];
  readonly missing: readonly string[];
  readonly repeats: number;
  readonly kills: number;
  readonly leaves: number;
  readonly lostAnswers: number;
  readonly fenced: number;
  /** How long after the last change the shares were even. */
  readonly balancedAfterMs: number;
  readonly shares: readonly number[];
}

/** Members of one group that join, leave and are killed at random while the flights come in. */
export const groupChaos = async ({
  instances,
  durationMs,
  seed,
  members = MEMBERS,
}: ChaosOptions): Promise<ChaosReport> => {
  const seeded = new Seeded(seed);
  const ledger = new GroupLedger();
  const api = instances[0]!;
  const topic = (await makeTopic(api, { partitions: PARTITIONS })).name;
  const group = freshName('chaos');
  const plan: WorkerPlan = {
    instances,
    group,
    topic,
    sessionTimeoutMs: SESSION_MS,
    lossPercent: LOSS_PERCENT,
    seeded,
    ledger,
  };
  const crowd = new Crowd(plan, members);
  const produced = produceOver(instances, topic, durationMs);
  await crowd.churn(durationMs);
  const changedAt = Date.now();
  const balancedAfterMs = await untilBalanced(crowd, changedAt);
  const flights = await produced;
  await untilDone(instances[0]!, group);
  const shares = crowd.shares();
  await crowd.goHome();
  return {
    flights,
    faults: ledger.faults,
    missing: ledger.missing(await watermarks(instances[0]!, topic)),
    repeats: ledger.repeats,
    ...crowd.counts,
    balancedAfterMs,
    shares,
  };
};

class Crowd {
  readonly #plan: WorkerPlan;
  readonly #members: number;
  readonly #alive: GroupWorker[] = [];
  readonly #all: GroupWorker[] = [];
  readonly #ending: Promise<void>[] = [];
  readonly #freeNames: string[] = [];
  #kills = 0;
  #leaves = 0;

  constructor(plan: WorkerPlan, members: number) {
    this.#plan = plan;
    this.#members = members;
  }

  async churn(durationMs: number): Promise<void> {
    for (let n = 0; n < this.#members; n += 1) this.#join();
    const until = Date.now() + durationMs;
    while (Date.now() < until) {
      await pause(this.#plan.seeded.integer(100, 350));
      this.#change();
    }
    while (this.#alive.length < this.#members) this.#join();
    await Promise.all(this.#ending);
  }

  shares(): number[] {
    return this.#alive.map(({ assignment }) => assignment.length);
  }

  async goHome(): Promise<void> {
    await Promise.all(this.#alive.map((worker) => worker.leave()));
  }

  get counts() {
    const sum = (count: (worker: GroupWorker) => number): number =>
      this.#all.reduce((total, worker) => total + count(worker), 0);
    return {
      kills: this.#kills,
      leaves: this.#leaves,
      lostAnswers: sum(({ lost }) => lost),
      fenced: sum(({ fenced }) => fenced),
    };
  }

  #change(): void {
    const { seeded } = this.#plan;
    const choice = seeded.integer(0, 3);
    if (choice === 0 || this.#alive.length < this.#members / 2) {
      this.#join();
      return;
    }
    const worker = this.#alive.splice(seeded.integer(0, this.#alive.length), 1)[0]!;
    if (choice === 1) {
      this.#kills += 1;
      this.#ending.push(worker.kill());
      // Sometimes it comes back under its name, as a process that was restarted.
      if (seeded.integer(0, 2) === 0) this.#freeNames.push(worker.name);
    } else {
      this.#leaves += 1;
      this.#ending.push(worker.leave());
    }
  }

  #join(): void {
    if (this.#alive.length >= this.#members + 2) return;
    const name = this.#freeNames.pop() ?? `m${this.#all.length}`;
    const worker = new GroupWorker(this.#plan, name, `${name}#${this.#all.length}`);
    this.#all.push(worker);
    this.#alive.push(worker);
    worker.start();
  }
}

const untilStored = async (send: () => Promise<Answer>): Promise<void> => {
  for (;;) {
    const answer = await send().catch(() => undefined);
    if (answer?.status === 200) return;
    await pause(50);
  }
};

/** The flights in the order of the file, spread over this time. */
const produceOver = async (instances: readonly Caller[], topic: string, durationMs: number): Promise<number> => {
  const flights = loadFlights(FLIGHTS);
  const startedAt = Date.now();
  for (let at = 0; at < flights.length; at += BATCH) {
    const dueAt = startedAt + (durationMs * at) / flights.length;
    if (Date.now() < dueAt) await pause(dueAt - Date.now());
    const body = flights
      .slice(at, at + BATCH)
      .map(recordOf)
      .join('');
    const headers = { 'content-type': 'application/x-ndjson' };
    await untilStored(() => instances[0]!.send('POST', `/v1/topics/${topic}/records`, { body, headers }));
  }
  return flights.length;
};

const untilBalanced = async (crowd: Crowd, changedAt: number): Promise<number> => {
  const isEven = (): boolean => {
    const shares = crowd.shares();
    const total = shares.reduce((sum, share) => sum + share, 0);
    return total === PARTITIONS && Math.max(...shares) - Math.min(...shares) <= 1;
  };
  while (!isEven() && Date.now() < changedAt + 10 * SESSION_MS) await pause(20);
  return isEven() ? Date.now() - changedAt : Number.POSITIVE_INFINITY;
};

const untilDone = async (api: Caller, group: string): Promise<void> => {
  const until = Date.now() + 20_000;
  while (Date.now() < until) {
    const { lag } = must(await api.get(`/v1/groups/${group}`), 200).json<{ lag: number }>();
    if (lag === 0) return;
    await pause(50);
  }
};

export const CHAOS_SESSION_MS = SESSION_MS;
