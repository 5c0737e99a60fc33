import { Bell } from './bell.ts';
import { LaneReader } from './lane-reader.ts';
import { LaneState } from './lane-state.ts';
import type { Parcel } from './parcel.ts';
import type { PushPorts } from './push-ports.ts';
import { type Rest, restUntil } from './rest.ts';
import { type LaneTask, Tries } from './tries.ts';

/*
 * A lane: one subscription in one partition (docs/subscribe.md, "Push").
 *  1. It holds the partition's lease, and reads on from the committed offset into a window of parcels.
 *  2. A parcel goes out when its time has come and no earlier one of the same key is unfinished; with `maxInFlight` 1, when it is the
 *     first. What an answer means is `judge`'s to say.
 *  3. Progress is stored once a second and before it rests; a failure before anything else is sent, so that tries are counted truly;
 *     what a batch is put together of before it is sent, so that it is the same whenever and wherever it is tried again.
 *  4. When there is nothing to do it rests, and says when it wants to run again.
 */

/** A pause as short as this is waited for in here. */
const SHORT_MS = 1000;
/** Before the lease is asked for again. */
const HICCUP_MS = 1000;

export class Lane {
  readonly #ports: PushPorts;
  readonly #task: LaneTask;
  readonly #state: LaneState;
  readonly #bell: Bell;
  readonly #tries: Tries;
  readonly #reader: LaneReader;
  #halted = false;
  /** Of the last run. */
  #rest: Rest | undefined;

  constructor(ports: PushPorts, task: LaneTask) {
    const { subscription, tenant, partition } = task;
    this.#ports = ports;
    this.#task = task;
    this.#state = new LaneState(ports, tenant, subscription, partition);
    this.#bell = new Bell(ports.clock);
    this.#tries = new Tries(
      ports,
      task,
      this.#state,
      () => this.#bell.ring(),
      () => this.halt(),
    );
    this.#reader = new LaneReader(ports, task, this.#state);
  }

  /** How far it has read. */
  get nextOffset(): number {
    return this.#state.window.nextOffset;
  }

  /** When its progress should be stored, if it does not run by then. */
  get checkpointAt(): number | undefined {
    return this.#state.checkpointAt;
  }

  /** There is more to read. */
  wake(): void {
    this.#reader.wake();
    this.#bell.ring();
  }

  /** Begins nothing any more. */
  halt(): void {
    this.#halted = true;
    this.#bell.ring();
  }

  /** Breaks off what is under way; it counts as not tried. */
  abort(): void {
    this.halt();
    this.#tries.abort();
  }

  /** Works until there is nothing to do for now. One run at a time. */
  async run(): Promise<Rest> {
    this.#rest = undefined;
    this.#reader.wake();
    try {
      this.#rest = await this.#work();
      return this.#rest;
    } finally {
      this.#reader.account();
      this.#bell.rest();
    }
  }

  async checkpoint(): Promise<void> {
    await this.#state.save();
  }

  /** Stores its progress and gives the lease free. */
  async close(): Promise<void> {
    await this.#tries.idle();
    this.#reader.account(0);
    await this.#state.saveAndRelease();
  }

  /** The same, for where nobody will be here later. Answers when somebody has to be called to go on, if nobody has been yet. */
  async handOver(): Promise<number | undefined> {
    await this.#tries.idle();
    this.#reader.account(0);
    const at = this.#nextRunAt();
    const calls = at !== undefined && this.#state.callBack(at);
    const saved = await this.#state.saveAndRelease();
    return calls && saved ? at : undefined;
  }

  #nextRunAt(): number | undefined {
    if (this.#rest?.kind === 'later') return this.#rest.at;
    return this.#rest?.kind === 'stopped' ? this.#ports.clock.now() : undefined;
  }

  async #work(): Promise<Rest> {
    while (!this.#halted) {
      const rest = await this.#step();
      if (rest !== undefined) return rest;
    }
    await this.#tries.idle();
    return this.#reader.isGone ? { kind: 'gone' } : { kind: 'stopped' };
  }

  async #step(): Promise<Rest | undefined> {
    const { clock } = this.#ports;
    const notOurs = await this.#state.hold();
    if (notOurs !== undefined) return notOurs;
    const readAt = await this.#reader.fill(() => this.#halted);
    if (this.#reader.isGone) this.halt();
    if ((this.#state.checkpointAt ?? Number.POSITIVE_INFINITY) <= clock.now() && !(await this.#state.save())) {
      return { kind: 'later', at: clock.now() + HICCUP_MS };
    }
    if (this.#halted) return undefined;
    const next = Math.min(this.#startReady(), readAt ?? Number.POSITIVE_INFINITY);
    const waitMs = next - clock.now();
    if (this.#tries.underWay === 0 && waitMs > SHORT_MS) return restUntil(next);
    await this.#bell.next(Math.min(waitMs, SHORT_MS));
    return undefined;
  }

  /** Sends whatever may go out now. Answers when something else may; never: when something else has to happen first. */
  #startReady(): number {
    const { subscription } = this.#task;
    const { window } = this.#state;
    const blocked = new Set<string>();
    let next = Number.POSITIVE_INFINITY;
    for (const parcel of window.parcels) {
      if (parcel.state === 'done') continue;
      const inOrder = subscription.maxInFlight > 1 || parcel === window.parcels[0];
      const free = inOrder && !parcel.keys.some((key) => blocked.has(key));
      for (const key of parcel.keys) blocked.add(key);
      if (!free) {
        if (!inOrder) break;
        continue;
      }
      if (parcel.state === 'sending') continue;
      if (this.#tries.underWay >= subscription.maxInFlight) return next;
      next = Math.min(next, this.#startOrWait(parcel));
      if (this.#state.isUrgent) return next;
    }
    return next;
  }

  /** Answers when it may go out, where that is not now. A batch goes out when what it is put together of is stored. */
  #startOrWait(parcel: Parcel): number {
    const now = this.#ports.clock.now();
    const at = this.#readyAt(parcel, now);
    if (at > now) return at;
    if (this.#state.window.mustPlan(parcel)) return this.#plan(now);
    this.#tries.start(parcel);
    return Number.POSITIVE_INFINITY;
  }

  #plan(now: number): number {
    this.#state.window.plan(now);
    this.#state.touch(true);
    return now;
  }

  #readyAt(parcel: Parcel, now: number): number {
    const { pace, partition } = this.#task;
    const due = Math.max(parcel.nextTryAt, this.#state.window.ripeAt(parcel));
    return due > now ? due : pace.readyAt(now, partition);
  }
}
