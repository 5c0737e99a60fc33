import { Dispatcher } from '../../../shared/delivery/dispatcher.ts';
import { type SweepPorts, sweep } from '../../../shared/delivery/sweep.ts';
import { BufferPool } from '../../../shared/lib/buffer-pool.ts';
import { BatchCache } from '../../../shared/log/batch-cache.ts';
import { GroupCommit } from '../../../shared/log/group-commit.ts';
import type { Progress } from '../../../shared/ports/progress.ts';
import type { WakeUp } from '../../../shared/ports/wake-ups.ts';
import { workForCommits, workForMessage } from '../../support/called-worker.ts';
import { answered } from '../../support/fake-endpoints.ts';
import { fetchAll } from '../../support/fetch-all.ts';
import { type Death, type Mortal, Reaper } from '../../support/mortal.ts';
import { type Event, nameOf, PushLedger } from '../../support/push-ledger.ts';
import { PushWorld } from '../../support/push-world.ts';

export interface Cell {
  readonly deployment: 'one process' | 'functions';
  readonly shape: keyof typeof SHAPES;
  readonly death: Death;
}

const MIB = 1024 * 1024;
const GROUP_COMMIT = { maxPendingBytes: MIB, maxPendingRequests: 100, flushBytes: MIB, commitTimeoutMs: 10_000 };
const KEYS = ['a', 'b', 'c'];
const RECORDS = 9;
const POISON = 5;
const ATTEMPTS = 2;
const ANSWER_MS = 50;
const SECOND_PART_MS = 400;
/** How long a call of a function may take, and how often the clock makes one. */
const FUNCTION_MS = 30_000;
const SWEEP_MS = 60_000;
/** A lease that was left behind is free by then. */
const LEASE_MS = 95_000;
const LIMIT_MS = 900_000;
const STEP_MS = 500;
const WAITING_STEP_MS = 5000;

const EVENTS = Array.from({ length: RECORDS }, (_, n): Event & { readonly n: number } => ({
  n,
  key: KEYS[n % KEYS.length]!,
  index: Math.floor(n / KEYS.length),
  poison: n === POISON,
}));

/** A history of deliveries, failures and a dead letter, in which one process dies at one call. */
class History {
  readonly world = new PushWorld();
  readonly ledger = new PushLedger();
  readonly reaper: Reaper;
  /** Whom a worker has asked to be called; lost with nobody. */
  readonly #calls: WakeUp[] = [];
  readonly #progress: Progress = { load: async () => undefined, save: async () => undefined };
  readonly #tried = new Set<number>();
  readonly #cell: Cell;
  /** When the next process starts by itself: the clock's, or the one that follows a dead one. */
  #startAt = Number.POSITIVE_INFINITY;

  constructor(cell: Cell, killAt: number) {
    this.#cell = cell;
    this.reaper = new Reaper(killAt, cell.death, () => this.#died());
  }

  async prepare(): Promise<void> {
    const { world } = this;
    await world.topic('orders');
    await world.topic('dead');
    const retry = { maxAttempts: ATTEMPTS, scheduleMs: [0, 100], timeoutMs: 5000 };
    const endpoint = { url: 'https://hooks.example.com/' };
    const more = { topic: 'orders', from: 'earliest', endpoint, retry, deadLetterTopic: 'dead' } as const;
    await world.subscribe('push', { ...more, ...SHAPES[this.#cell.shape] });
    world.endpoints.answer = async ({ body, headers }) => {
      const parsed = JSON.parse(Buffer.from(body).toString());
      const isBatch = headers['content-type']?.includes('batch') ?? false;
      const events = isBatch ? parsed.map(({ data }: { data: unknown }) => data) : [parsed];
      return this.#answer(events, headers['webhook-id']);
    };
    await this.#send(0, 5);
  }

  /** Until all is well, or the time is over. */
  async run(): Promise<void> {
    const { clock } = this.world;
    const end = clock.now() + LIMIT_MS;
    this.#start();
    await clock.advance(SECOND_PART_MS);
    await this.#send(5, RECORDS);
    if (this.#cell.deployment === 'functions') this.#start();
    while (clock.now() < end && !(await this.#isDone())) {
      await clock.advance(this.reaper.killed ? WAITING_STEP_MS : STEP_MS);
      if (clock.now() >= this.#startAt) this.#startByClock();
      for (const call of this.#calls.splice(0)) {
        if (clock.now() >= call.at) this.#run(workForMessage(this.#ports(), call, this.#end));
        else this.#calls.push(call);
      }
    }
    // What was done last is stored by then.
    await clock.advance(2000);
  }

  async faults(): Promise<string[]> {
    const letters = await fetchAll(this.world, 'dead');
    const givenUp = new Set(letters.map(({ value }) => nameOf(value as Event)));
    return [
      ...this.ledger.faults,
      ...this.ledger.skipped(givenUp),
      ...EVENTS.filter((event) => !this.ledger.wasAccepted(event) && !givenUp.has(nameOf(event))).map(
        (event) => `${nameOf(event)} is lost`,
      ),
      ...(this.reaper.killed ? [] : EVENTS)
        .filter((event) => this.ledger.wasAccepted(event) && givenUp.has(nameOf(event)))
        .map((event) => `${nameOf(event)} is a dead letter, and accepted`),
      ...letters
        .filter(({ headers }) => headers['chasqui-error-attempts'] !== String(ATTEMPTS))
        .map((letter) => `given up too soon: ${JSON.stringify(letter)}`),
    ];
  }

  #died(): void {
    this.ledger.serverDied();
    if (this.#cell.deployment === 'one process') this.#startAt = this.world.clock.now() + LEASE_MS;
  }

  /** By a commit, or as the process that stays. */
  #start(): void {
    const { clock, tenant } = this.world;
    const isFunctions = this.#cell.deployment === 'functions';
    this.#startAt = isFunctions ? clock.now() + SWEEP_MS : Number.POSITIVE_INFINITY;
    this.#run(
      isFunctions ? workForCommits(this.#ports(), tenant, 'orders', this.#end) : new Dispatcher(this.#ports()).start(),
    );
  }

  #startByClock(): void {
    if (this.#cell.deployment === 'one process') this.#start();
    else {
      this.#startAt = this.world.clock.now() + SWEEP_MS;
      this.#run(sweep(this.#ports(), this.#end));
    }
  }

  #run(work: Promise<void>): void {
    work.catch((error: unknown) => this.ledger.faults.push(`a worker failed: ${String(error)}`));
  }

  get #end(): number {
    return this.world.clock.now() + FUNCTION_MS;
  }

  /** Of another process. */
  #ports(): SweepPorts {
    return this.#portsOf(this.reaper.process());
  }

  #portsOf(mortal: Mortal): SweepPorts {
    const { service } = this.world;
    const names = ['clock', 'offsets', 'blobs', 'topics', 'signal', 'subscriptions', 'webhooks'] as const;
    const wrapped = Object.fromEntries(names.map((name) => [name, mortal.port(service[name], name)]));
    const ports = { ...service, ...wrapped } as typeof service;
    const schedule = async (calls: readonly WakeUp[]): Promise<void> => void this.#calls.push(...calls);
    const groupCommit = new GroupCommit(ports, GROUP_COMMIT);
    return {
      ...ports,
      groupCommit,
      wakeUps: mortal.port({ schedule }, 'wakeUps'),
      progress: mortal.port(this.#progress, 'progress'),
      cache: new BatchCache(ports.blobs, MIB, new BufferPool(MIB)),
    };
  }

  async #answer(events: (Event & { readonly n: number })[], id: string | undefined) {
    const answeredWith = this.ledger.arrived(events, id);
    await this.world.clock.sleep(ANSWER_MS);
    const isFirst = events.some(({ n }) => n % 4 === 1 && !this.#tried.has(n));
    for (const { n } of events) this.#tried.add(n);
    const accepts = !isFirst && !events.some(({ poison }) => poison);
    answeredWith(accepts, true);
    return answered(accepts ? 204 : 500);
  }

  async #isDone(): Promise<boolean> {
    const letters = await fetchAll(this.world, 'dead');
    return this.ledger.acceptedCount + new Set(letters.map(({ value }) => nameOf(value as Event))).size >= RECORDS;
  }

  #send(from: number, to: number): Promise<void> {
    return this.world.send(
      'orders',
      EVENTS.slice(from, to).map((event) => ({ key: event.key, value: event })),
    );
  }
}

const SHAPES = {
  'one at a time': { format: 'raw' },
  'two in flight': { format: 'raw', maxInFlight: 2 },
  batches: { batch: { maxRecords: 3, maxWaitMs: 20 } },
} as const;

export const CELLS: readonly Cell[] = (['one process', 'functions'] as const).flatMap((deployment) =>
  (Object.keys(SHAPES) as (keyof typeof SHAPES)[]).flatMap((shape) =>
    (['before', 'behind'] as const).map((death) => ({ deployment, shape, death })),
  ),
);

const play = async (cell: Cell, killAt: number) => {
  const history = new History(cell, killAt);
  await history.prepare();
  await history.run();
  return { calls: history.reaper.calls, faults: await history.faults() };
};

/** How many calls the history has when nobody dies. @throws {Error} when it goes wrong by itself */
export const callsOf = async (cell: Cell): Promise<number> => {
  const { calls, faults } = await play(cell, Number.POSITIVE_INFINITY);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return calls.length;
};

/** What went wrong when a process died at this call. */
export const killAndJudge = async (cell: Cell, killAt: number): Promise<string[]> => {
  const { calls, faults } = await play(cell, killAt);
  const { deployment, shape, death } = cell;
  return faults.map((fault) => `${deployment}, ${shape}, dead ${death} call ${killAt} (${calls[killAt]}): ${fault}`);
};
