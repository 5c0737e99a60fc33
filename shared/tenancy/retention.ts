import type { TenantId, TopicName } from '../contract/ids.ts';
import type { Topic } from '../contract/topic.ts';
import { partitionRefs } from '../log/partition-refs.ts';
import { prolongPage } from '../log/prolong-page.ts';
import { type RetainPorts, retain } from '../log/retain.ts';
import type { BlobKeeping } from '../ports/blob-keeping.ts';
import type { Log } from '../ports/log.ts';
import type { Head, PartitionRef } from '../ports/offset-store.ts';
import type { Ports } from '../ports/ports.ts';
import { everyTopic } from './every-topic.ts';

export type RetentionPorts = RetainPorts &
  Pick<Ports, 'topics' | 'tenants'> & {
    readonly log: Log;
    /** Left out where no store removes anything by itself. */
    readonly keeping?: BlobKeeping;
    /** Batches of which nobody has noted when they were stored count as stored then; milliseconds since the epoch. */
    readonly knownSince: number;
  };

/** Where to go on: at this partition, its batches from this offset on. */
export interface RetentionPlace {
  readonly tenant: TenantId;
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
  /** The topic's `raisedAt` for which the partitions before were prolonged; 0: none is. */
  readonly raisedAt: number;
  /** One of those before has failed, so that the mark has to stay. */
  readonly hasFailed: boolean;
}

export interface RetentionTally {
  /** Records that went. */
  removed: number;
  /** Partitions that could not be done; the log says why. */
  failed: number;
}

/** Longer than any function remembers a topic: what knows only the old retention has been stored by then. */
export const REMEMBERED_MS = 10 * 60_000;

/** As many as DynamoDB gives in one answer. */
const HEADS_AT_ONCE = 100;

/** After so many partitions one behind the other, the store is what fails. */
const MOST_FAILURES = 5;

/*
 * Retention walks every topic of every tenant, partition by partition:
 *  1. What is no longer to be kept goes (`retain`).
 *  2. Where `retentionMs` was raised, the batches that were stored before are kept for as long (`prolongPage`), for a store that removes them
 *     by itself knows only what it was told when it took them. It begins when nobody can remember the old retention any more.
 *  3. When all partitions of a topic are through since it was raised, its mark goes.
 *  4. What fails in a partition is told in the log, and the others go on; after some failures in a row the walk is stopped behind them.
 */

/** Answers where it was stopped; undefined at the end. */
export async function retainEverything(
  ports: RetentionPorts,
  tally: RetentionTally,
  from: RetentionPlace | undefined,
  isOver: () => boolean,
): Promise<RetentionPlace | undefined> {
  const walk: Walk = { tally, isOver, failures: 0 };
  for await (const [tenant, topic] of everyTopic(ports, from)) {
    const place =
      tenant === from?.tenant && topic.name === from.topic ? from : placeAt(tenant, topic, ports.clock.now());
    const stopped = await new TopicRetention(ports, walk, tenant, topic).run(place);
    if (stopped !== undefined) return stopped;
  }
  return undefined;
}

interface Walk {
  readonly tally: RetentionTally;
  readonly isOver: () => boolean;
  /** In a row. */
  failures: number;
}

const placeAt = (tenant: TenantId, { name: topic, raisedAt = 0 }: Topic, now: number): RetentionPlace => ({
  tenant,
  topic,
  partition: 0,
  offset: 0,
  raisedAt: now > raisedAt + REMEMBERED_MS ? raisedAt : 0,
  hasFailed: false,
});

type ReadHead = () => Promise<Head | undefined>;

class TopicRetention {
  readonly #ports: RetentionPorts;
  readonly #walk: Walk;
  readonly #tenant: TenantId;
  readonly #topic: Topic;
  /** 0: nothing is prolonged in this walk. */
  #raisedAt = 0;
  #hasFailed = false;

  constructor(ports: RetentionPorts, walk: Walk, tenant: TenantId, topic: Topic) {
    this.#ports = ports;
    this.#walk = walk;
    this.#tenant = tenant;
    this.#topic = topic;
  }

  async run(from: RetentionPlace): Promise<RetentionPlace | undefined> {
    this.#raisedAt = from.raisedAt === this.#topic.raisedAt ? from.raisedAt : 0;
    this.#hasFailed = from.hasFailed;
    let { partition, offset } = from;
    const stoppedAt = (at: number, offsetThere: number): RetentionPlace => ({
      ...from,
      partition: at,
      offset: offsetThere,
      raisedAt: this.#raisedAt,
      hasFailed: this.#hasFailed,
    });
    while (partition < this.#topic.partitions) {
      // Where everything is in memory, many topics would else hold up every request for as long as the walk takes.
      await this.#ports.clock.turn();
      for (const readHead of await this.#headsFrom(partition)) {
        const stopped = await this.#partition(partition, readHead, offset);
        if (stopped !== undefined) return stoppedAt(partition, stopped);
        [partition, offset] = [partition + 1, 0];
        if (this.#walk.failures >= MOST_FAILURES) return stoppedAt(partition, 0);
      }
    }
    if (this.#raisedAt > 0 && !this.#hasFailed) await this.#unmark();
    return undefined;
  }

  /** Of some partitions at once; where that fails, each when it is asked for, so that the others can be read. */
  async #headsFrom(first: number): Promise<ReadHead[]> {
    const { offsets } = this.#ports;
    const refs = partitionRefs(this.#topic).slice(first, first + HEADS_AT_ONCE);
    const heads = await offsets.readHeads(this.#tenant, refs).catch(() => undefined);
    return heads === undefined
      ? refs.map((ref) => () => offsets.readHead(this.#tenant, ref))
      : heads.map((head) => async () => head);
  }

  /** Answers the offset at which it was stopped. */
  async #partition(partition: number, readHead: ReadHead, from: number): Promise<number | undefined> {
    const ref = { topicId: this.#topic.id, partition };
    try {
      const stopped = (await this.#remove(ref, await readHead())) ? await this.#prolong(ref, from) : from;
      this.#walk.failures = 0;
      return stopped;
    } catch (error) {
      this.#hasFailed = true;
      this.#walk.failures += 1;
      this.#walk.tally.failed += 1;
      const { name: topic } = this.#topic;
      this.#ports.log.write('error', 'retention failed', { tenant: this.#tenant, topic, partition, error });
      return undefined;
    }
  }

  /** False: it was stopped. */
  async #remove(ref: PartitionRef, seen: Head | undefined): Promise<boolean> {
    const { retentionMs, retentionBytes } = this.#topic;
    const isStillSo = (): Promise<boolean> => this.#isUnchanged();
    const { knownSince } = this.#ports;
    const policy = { tenant: this.#tenant, ref, retentionMs, retentionBytes, knownSince, isStillSo };
    for (let head = seen; head !== undefined; ) {
      if (this.#walk.isOver()) return false;
      const { removed, rest } = await retain(this.#ports, { ...policy, head });
      this.#walk.tally.removed += removed;
      head = rest;
    }
    return true;
  }

  /** Somebody who has raised it meanwhile was told that it is kept. */
  async #isUnchanged(): Promise<boolean> {
    const now = await this.#ports.topics.get(this.#tenant, this.#topic.name);
    const { id, retentionMs, retentionBytes } = this.#topic;
    return now?.id === id && now.retentionMs === retentionMs && now.retentionBytes === retentionBytes;
  }

  async #prolong(ref: PartitionRef, from: number): Promise<number | undefined> {
    const { offsets, keeping } = this.#ports;
    if (this.#raisedAt === 0 || keeping === undefined) return undefined;
    const { retentionMs } = this.#topic;
    const keepMs = retentionMs < 0 ? undefined : retentionMs;
    const page = { tenant: this.#tenant, ref, keepMs, storedBefore: this.#raisedAt + REMEMBERED_MS };
    for (let offset: number | undefined = from; offset !== undefined; ) {
      if (this.#walk.isOver()) return offset;
      offset = await prolongPage({ offsets, keeping }, { ...page, offset });
    }
    return undefined;
  }

  /** Changed by somebody meanwhile, it keeps its mark, and the next walk does it again. */
  async #unmark(): Promise<void> {
    const { raisedAt: _done, ...plain } = this.#topic;
    await this.#ports.topics.replace(this.#tenant, this.#topic, plain);
  }
}
