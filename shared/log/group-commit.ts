import { ChasquiError } from '../contract/errors.ts';
import type { BufferPool } from '../lib/buffer-pool.ts';
import type { Ports } from '../ports/ports.ts';
import type { AppendRequest, PartOutcome } from './append.ts';
import { Committer } from './commit.ts';
import { commitFlush } from './commit-flush.ts';
import { encodeFlush, planFlush, type Waiting } from './flush.ts';
import { notStored } from './refusal.ts';

/*
 * Group commit (docs/architecture.md, "The path of a record"):
 *  1. A request joins the queue of its tenant and its replication, for a flush is one blob and is kept as often as it says. Nothing is
 *     delayed: a queue that is idle is flushed at the end of this turn of the event loop, so that whatever has already arrived comes along.
 *  2. One flush per queue is under way at a time; the next one fills meanwhile, and is on its way before the answers of this one are
 *     written. A slow zone holds up those who asked for it, no others.
 *  3. A flush stores one blob, then commits once per partition (and once for each request that has conditions of its own).
 *  4. What waits is bounded in bytes and requests: beyond that, `unavailable` at once rather than an endless queue.
 */

export type GroupCommitPorts = Pick<Ports, 'offsets' | 'blobs' | 'clock' | 'random' | 'signal'>;

export interface GroupCommitOptions {
  /** Of records that wait or are being flushed, over all tenants. */
  readonly maxPendingBytes: number;
  readonly maxPendingRequests: number;
  /** A flush takes no further request once it has this many bytes. */
  readonly flushBytes: number;
  /** How long a commit may be retried and resolved. */
  readonly commitTimeoutMs: number;
  /** Where a flush gets its memory. */
  readonly pool?: BufferPool;
}

const overloaded = (): ChasquiError =>
  new ChasquiError('unavailable', 'More is waiting to be stored than fits; try again in a moment.', {
    retryAfterSeconds: 1,
  });

/** A tenant holds no slash, so that no queue is taken for another. */
const queueOf = ({ tenant, replication }: AppendRequest): string =>
  replication === undefined ? tenant : `${tenant}/${replication.copies}/${replication.quorum}`;

/** The queues of one process. Holds what is under way and nothing else. */
export class GroupCommit {
  readonly committer: Committer;
  readonly #ports: GroupCommitPorts;
  readonly #options: GroupCommitOptions;
  readonly #queues = new Map<string, Waiting[]>();
  readonly #draining = new Set<Promise<void>>();
  #pendingBytes = 0;
  #pendingRequests = 0;
  #stickyFraction: number;

  constructor(ports: GroupCommitPorts, options: GroupCommitOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#stickyFraction = ports.random.fraction();
    this.committer = new Committer(ports);
  }

  /**
   * At random, from 0 up to 1, and another one after every flush: requests that share a flush and leave it to us go to the same partition
   * of a topic, which makes one batch, one commit and one index entry of them. Source: Kafka's KIP-480, "Sticky Partitioner".
   */
  get stickyFraction(): number {
    return this.#stickyFraction;
  }

  /**
   * Stores and commits the request's parts; answers the outcome of each, in order.
   * @throws {ChasquiError} `unavailable` when too much waits already; nothing was stored then.
   */
  append(request: AppendRequest, bytes: number): Promise<PartOutcome[]> {
    const { maxPendingBytes, maxPendingRequests } = this.#options;
    const full = this.#pendingBytes > 0 && this.#pendingBytes + bytes > maxPendingBytes;
    if (full || this.#pendingRequests >= maxPendingRequests) return Promise.reject(overloaded());
    this.#pendingBytes += bytes;
    this.#pendingRequests++;
    return new Promise((resolve) => {
      this.#enqueue({ request, bytes, outcomes: new Array<PartOutcome>(request.parts.length), resolve });
    });
  }

  /** Resolves when nothing waits and no seal is under way. */
  async idle(): Promise<void> {
    while (this.#draining.size > 0) await Promise.all(this.#draining);
    await this.committer.idle();
  }

  #enqueue(waiting: Waiting): void {
    const name = queueOf(waiting.request);
    const queue = this.#queues.get(name);
    if (queue !== undefined) {
      queue.push(waiting);
      return;
    }
    const started = [waiting];
    this.#queues.set(name, started);
    const draining: Promise<void> = this.#drain(name, started).finally(() => this.#draining.delete(draining));
    this.#draining.add(draining);
  }

  async #drain(name: string, queue: Waiting[]): Promise<void> {
    await this.#ports.clock.turn();
    for (let flushing: Promise<readonly Waiting[]> | undefined = this.#flush(queue); flushing !== undefined; ) {
      const flushed = await flushing;
      flushing = queue.length > 0 ? this.#flush(queue) : undefined;
      // The next one is on its way before this one's answers are written, so that the disk does not wait for them.
      if (flushing !== undefined) await this.#ports.clock.turn();
      this.#answer(flushed);
    }
    this.#queues.delete(name);
  }

  #take(queue: Waiting[]): Waiting[] {
    let count = 0;
    for (let bytes = 0; count < queue.length && (count === 0 || bytes < this.#options.flushBytes); count++)
      bytes += queue[count]?.bytes ?? 0;
    this.#stickyFraction = this.#ports.random.fraction();
    return queue.splice(0, count);
  }

  /** Stores what waits, as much of it as a flush takes; resolves with it when the outcomes are known. */
  async #flush(queue: Waiting[]): Promise<readonly Waiting[]> {
    const group = this.#take(queue);
    try {
      await this.#store(group);
    } catch (error) {
      failAll(group, notStored(error));
    }
    return group;
  }

  #answer(group: readonly Waiting[]): void {
    for (const waiting of group) {
      this.#pendingBytes -= waiting.bytes;
      this.#pendingRequests--;
      waiting.resolve(waiting.outcomes);
    }
  }

  /** All of a group have the tenant and the replication of the first. */
  async #store(group: readonly Waiting[]): Promise<void> {
    const { tenant, replication } = group[0]!.request;
    const flush = planFlush(group);
    const { pool } = this.#options;
    const bytes = encodeFlush(flush, (size) => pool?.take(size) ?? Buffer.allocUnsafeSlow(size));
    const blob = await this.#ports.blobs.put(tenant, [bytes], replication, () => pool?.give(bytes));
    const deadline = this.#ports.clock.now() + this.#options.commitTimeoutMs;
    await commitFlush(this.#ports, this.committer, { tenant, blob, deadline }, flush);
  }
}

function failAll(group: readonly Waiting[], error: ChasquiError): void {
  for (const { outcomes } of group) outcomes.fill({ kind: 'failed', error });
}
