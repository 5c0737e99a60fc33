import type { TenantId } from '../contract/ids.ts';
import { partitionRefs } from '../log/partition-refs.ts';
import type { Watch } from '../ports/commit-signal.ts';
import type { Head, PartitionRef } from '../ports/offset-store.ts';
import type { Delivery, Subscription } from '../ports/subscription-store.ts';
import { positionOf } from './due.ts';
import { ensureGranted } from './handshake.ts';
import { Lane } from './lane.ts';
import { Pace } from './pace.ts';
import { pauseFor } from './pause-subscription.ts';
import type { PushPorts } from './push-ports.ts';
import type { Rest } from './rest.ts';

/** A hint may be missed: everything is looked at again this often. */
const SWEEP_MS = 5000;
const STUMBLE_PAUSE_MS = 1000;
/** What is under way when a subscription changes may come to its end for so long. */
const GRACE_MS = 1000;
const SOON_MS = 2000;

interface Post {
  readonly lane: Lane;
  /** Undefined: it is running. */
  rest: Rest | undefined;
  running: Promise<void>;
  /** The high watermark, when it was started. */
  seen: number;
}

/** The lanes of one active subscription in this process: opened when there is something for them, woken by commits and by time. */
export class Supervisor {
  readonly #ports: PushPorts;
  readonly #tenant: TenantId;
  readonly #subscription: Subscription;
  readonly #pace: Pace;
  readonly #posts = new Map<number, Post>();
  readonly #work: Promise<void>;
  #known: Map<number, Delivery> = new Map();
  #stopped = false;
  #looked = false;
  /** Ends the wait that is under way. */
  #wait = new AbortController();

  constructor(ports: PushPorts, tenant: TenantId, subscription: Subscription) {
    this.#ports = ports;
    this.#tenant = tenant;
    this.#subscription = subscription;
    this.#pace = new Pace(subscription.rateLimit);
    this.#work = this.#run();
  }

  /** Something is under way, or will be in a moment. What others have under way counts where it is waited for. */
  isBusy(waitsForOthers: boolean): boolean {
    if (this.#stopped || !this.#looked) return !this.#stopped;
    const soon = this.#ports.clock.now() + SOON_MS;
    return [...this.#posts.values()].some(({ rest }) => {
      if (rest?.kind === 'held') return waitsForOthers;
      return rest === undefined || (rest.kind === 'later' && rest.at <= soon);
    });
  }

  /** From now on nothing else is sent. */
  halt(): void {
    this.#stopped = true;
    for (const { lane } of this.#posts.values()) lane.halt();
    this.#ring();
  }

  /** Halts, and breaks off what does not end by itself soon; progress is stored then. */
  async stop(graceMs = GRACE_MS): Promise<void> {
    await this.#end(graceMs, (lane) => lane.close());
  }

  /** The same, for where nobody will be here later. Answers when somebody has to be called to go on, if nobody has been yet. */
  async handOver(graceMs: number): Promise<number | undefined> {
    const times = await this.#end(graceMs, (lane) => lane.handOver());
    const due = times.filter((at) => at !== undefined);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  async #end<Answer>(graceMs: number, close: (lane: Lane) => Promise<Answer>): Promise<Answer[]> {
    this.halt();
    const over = new AbortController();
    const closing = this.#close(close);
    const grace = this.#ports.clock.sleep(graceMs, over.signal).then(
      () => {
        for (const { lane } of this.#posts.values()) lane.abort();
      },
      () => undefined,
    );
    try {
      return await closing;
    } finally {
      over.abort();
      await grace;
    }
  }

  async #close<Answer>(close: (lane: Lane) => Promise<Answer>): Promise<Answer[]> {
    await this.#work;
    const posts = [...this.#posts.values()];
    await Promise.all(posts.map(({ running }) => running));
    return Promise.all(posts.map(({ lane }) => close(lane)));
  }

  #ring(): void {
    this.#wait.abort();
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#ports;
    while (!this.#stopped) {
      try {
        await this.#watchTopic();
      } catch (error) {
        log.write('error', 'push stumbled', { tenant: this.#tenant, subscription: this.#subscription.id, error });
        this.#wait = new AbortController();
        await clock.sleep(STUMBLE_PAUSE_MS, this.#wait.signal).catch(() => undefined);
      }
    }
  }

  /** Until the topic has other partitions, or is gone. */
  async #watchTopic(): Promise<void> {
    const { topics, signal, subscriptions } = this.#ports;
    const { topic: name, topicId, uid } = this.#subscription;
    const topic = await topics.get(this.#tenant, name);
    if (topic?.id !== topicId) return this.#pause('The topic was deleted.');
    const refs = partitionRefs(topic);
    const watch = signal.watch(this.#tenant, refs);
    try {
      this.#known = await subscriptions.deliveries(this.#tenant, uid);
      await this.#watch(watch, refs);
    } finally {
      watch.end();
    }
  }

  async #watch(watch: Watch, refs: readonly PartitionRef[]): Promise<void> {
    const { clock, offsets, topics } = this.#ports;
    const grantedAt = await ensureGranted(this.#ports, this.#tenant, this.#subscription, (reason) =>
      this.#pause(reason),
    );
    for (;;) {
      this.#wait = new AbortController();
      if (this.#stopped) return;
      const topic = await topics.get(this.#tenant, this.#subscription.topic);
      if (topic?.id !== refs[0]?.topicId || topic?.partitions !== refs.length) return;
      const next = grantedAt === undefined ? this.#tend(await offsets.readHeads(this.#tenant, refs)) : grantedAt;
      this.#looked = true;
      await watch.next(Math.max(0, next - clock.now()), this.#wait.signal);
      if (grantedAt !== undefined && clock.now() >= grantedAt) return;
    }
  }

  /** Runs the lanes that have something to do. Answers when to look again. */
  #tend(heads: readonly (Head | undefined)[]): number {
    const now = this.#ports.clock.now();
    let next = now + SWEEP_MS;
    for (const [partition, head] of heads.entries()) {
      if (head === undefined) continue;
      const post = this.#postFor(partition, head);
      if (post === undefined) continue;
      const { lane } = post;
      if (post.rest === undefined && head.nextOffset > lane.nextOffset) lane.wake();
      else if (this.#isDue(post, head, now)) this.#start(post, head);
      if (post.rest?.kind === 'later' || post.rest?.kind === 'held') next = Math.min(next, post.rest.at);
      if (post.rest !== undefined) next = Math.min(next, this.#checkpoint(lane, now));
    }
    return next;
  }

  #isDue({ lane, rest, seen }: Post, { nextOffset }: Head, now: number): boolean {
    if (rest?.kind === 'idle') return nextOffset > lane.nextOffset;
    if (rest?.kind !== 'later' && rest?.kind !== 'held') return false;
    // What waits for its next try does not hold up other keys that have come since.
    return rest.at <= now || (this.#subscription.maxInFlight > 1 && nextOffset > seen);
  }

  #checkpoint(lane: Lane, now: number): number {
    const at = lane.checkpointAt ?? Number.POSITIVE_INFINITY;
    if (at > now) return at;
    lane.checkpoint().catch((error: unknown) => {
      this.#ports.log.write('error', 'push progress not stored', { subscription: this.#subscription.id, error });
    });
    return Number.POSITIVE_INFINITY;
  }

  /** A lane is opened for the first record behind its position, and for what has to be tried again. */
  #postFor(partition: number, head: Head): Post | undefined {
    const known = this.#posts.get(partition);
    if (known !== undefined) return known;
    const position = positionOf(this.#subscription, partition, this.#known.get(partition));
    if (head.nextOffset <= position) return undefined;
    const lane = new Lane(this.#ports, {
      tenant: this.#tenant,
      subscription: this.#subscription,
      partition,
      pace: this.#pace,
      pause: (reason) => this.#pause(reason),
    });
    const post: Post = { lane, rest: { kind: 'idle' }, running: Promise.resolve(), seen: 0 };
    this.#posts.set(partition, post);
    this.#start(post, head);
    return post;
  }

  #start(post: Post, { nextOffset }: Head): void {
    if (this.#stopped) return;
    post.rest = undefined;
    post.seen = nextOffset;
    const { clock, log } = this.#ports;
    post.running = post.lane
      .run()
      .catch((error: unknown): Rest => {
        log.write('error', 'push lane failed', { tenant: this.#tenant, subscription: this.#subscription.id, error });
        return { kind: 'later', at: clock.now() + STUMBLE_PAUSE_MS };
      })
      .then((rest) => {
        post.rest = rest;
        this.#ring();
      });
  }

  async #pause(reason: string): Promise<void> {
    this.halt();
    await pauseFor(this.#ports, this.#tenant, this.#subscription, reason);
  }
}
