import { ChasquiError } from '../contract/errors.ts';
import type { BufferPool } from '../lib/buffer-pool.ts';
import type { Ports } from '../ports/ports.ts';
import type { AppendRequest, PartOutcome } from './append.ts';
import { Committer } from './commit.ts';
import { commitFlush } from './commit-flush.ts';
import { Flush, type Waiting } from './flush.ts';
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

/**
 * Longer than any store tries. A function that is frozen after its time may go on hours later: what it was to store is not committed then, for
 * its caller has been told that it is over, and its topic may be another.
 */
const LONGEST_PUT_MS = 60_000;

const tookTooLong = (): ChasquiError =>
  new ChasquiError('unavailable', 'The records could not be stored in time.', { retryAfterSeconds: 1 });

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
  readonly #queues = new Map<string, Flush[]>();
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
      this.#join(queue, waiting);
      return;
    }
    const started: Flush[] = [];
    this.#join(started, waiting);
    this.#queues.set(name, started);
    const draining: Promise<void> = this.#drain(name, started).finally(() => this.#draining.delete(draining));
    this.#draining.add(draining);
  }

  #join(queue: Flush[], waiting: Waiting): void {
    const { flushBytes, pool } = this.#options;
    let last = queue.at(-1);
    if (last === undefined || last.bytes >= flushBytes) {
      last = new Flush((size) => pool?.take(size) ?? Buffer.allocUnsafeSlow(size));
      queue.push(last);
    }
    last.add(waiting);
  }

  async #drain(name: string, queue: Flush[]): Promise<void> {
    await this.#ports.clock.turn();
    for (let flushing = this.#next(queue); flushing !== undefined; ) {
      const flushed = await flushing;
      flushing = this.#next(queue);
      // The next one is on its way before this one's answers are written, so that the disk does not wait for them.
      if (flushing !== undefined) await this.#ports.clock.turn();
      this.#answer(flushed.requests);
    }
    this.#queues.delete(name);
  }

  #next(queue: Flush[]): Promise<Flush> | undefined {
    const flush = queue.shift();
    if (flush === undefined) return undefined;
    this.#stickyFraction = this.#ports.random.fraction();
    return this.#flush(flush);
  }

  /** Resolves when the outcomes are known. */
  async #flush(flush: Flush): Promise<Flush> {
    try {
      await this.#store(flush);
    } catch (error) {
      failAll(flush.requests, notStored(error));
    }
    return flush;
  }

  #answer(group: readonly Waiting[]): void {
    for (const waiting of group) {
      this.#pendingBytes -= waiting.bytes;
      this.#pendingRequests--;
      waiting.resolve(waiting.outcomes);
    }
  }

  /** All requests of a flush have the tenant and the replication of the first. */
  async #store(flush: Flush): Promise<void> {
    const { tenant, replication } = flush.requests[0]!.request;
    const { keepMs } = flush;
    const startedAt = this.#ports.clock.now();
    const parts = flush.encode();
    const release = (): void => {
      for (const part of parts) this.#options.pool?.give(part);
    };
    const blob = await this.#ports.blobs.put(tenant, parts, { replication, keepMs, release });
    const storedAt = this.#ports.clock.now();
    if (storedAt > startedAt + LONGEST_PUT_MS) throw tookTooLong();
    const deadline = storedAt + this.#options.commitTimeoutMs;
    await commitFlush(this.#ports, this.committer, { tenant, blob, storedAt, deadline }, flush);
  }
}

function failAll(group: readonly Waiting[], error: ChasquiError): void {
  for (const { outcomes } of group) outcomes.fill({ kind: 'failed', error });
}
