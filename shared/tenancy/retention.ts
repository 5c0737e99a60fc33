import { ChasquiError } from '../contract/errors.ts';
import type { TenantId, TopicName } from '../contract/ids.ts';
import type { Topic } from '../contract/topic.ts';
import { partitionRefs } from '../log/partition-refs.ts';
import { prolongPage } from '../log/prolong-page.ts';
import { type RetainPorts, retain } from '../log/retain.ts';
import type { BlobKeeping } from '../ports/blob-keeping.ts';
import type { Log } from '../ports/log.ts';
import { type Head, type PartitionRef, UnknownOutcomeError } from '../ports/offset-store.ts';
import type { Ports } from '../ports/ports.ts';
import { everyTopic } from './every-topic.ts';

export type RetentionPorts = RetainPorts &
  Pick<Ports, 'topics' | 'tenants'> & {
    readonly log: Log;
    /** Left out where no store removes anything by itself. */
    readonly keeping?: BlobKeeping;
  };

/** Where to go on: at this partition, its batches from this offset on. */
export interface RetentionPlace {
  readonly tenant: TenantId;
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
  /** The topic's `raisedAt` for which all partitions before were prolonged; 0: none is. */
  readonly raisedAt: number;
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

/*
 * Retention walks every topic of every tenant, partition by partition:
 *  1. What is no longer to be kept goes (`retain`).
 *  2. Where `retentionMs` was raised, the batches that were stored before are kept for as long (`prolongPage`), for a store that removes them
 *     by itself knows only what it was told when it took them. It begins when nobody can remember the old retention any more.
 *  3. When all partitions of a topic are through since it was raised, its mark goes.
 */

/**
 * Answers where it was stopped; undefined at the end. What fails in a partition is told in the log, and the others go on.
 * @throws {ChasquiError} `unavailable`
 */
export async function retainEverything(
  ports: RetentionPorts,
  tally: RetentionTally,
  from: RetentionPlace | undefined,
  isOver: () => boolean,
): Promise<RetentionPlace | undefined> {
  for await (const [tenant, topic] of everyTopic(ports, from)) {
    const place =
      tenant === from?.tenant && topic.name === from.topic ? from : placeAt(tenant, topic, ports.clock.now());
    const stopped = await new TopicRetention(ports, tally, tenant, topic, isOver).run(place);
    if (stopped !== undefined) return stopped;
  }
  return undefined;
}

const placeAt = (tenant: TenantId, { name: topic, raisedAt = 0 }: Topic, now: number): RetentionPlace => ({
  tenant,
  topic,
  partition: 0,
  offset: 0,
  raisedAt: now > raisedAt + REMEMBERED_MS ? raisedAt : 0,
});

/** Then the next partition would have no better luck. */
const isUnavailable = (error: unknown): boolean =>
  error instanceof UnknownOutcomeError || (error instanceof ChasquiError && error.code === 'unavailable');

type ReadHead = () => Promise<Head | undefined>;

class TopicRetention {
  readonly #ports: RetentionPorts;
  readonly #tally: RetentionTally;
  readonly #tenant: TenantId;
  readonly #topic: Topic;
  readonly #isOver: () => boolean;
  /** 0: not in this walk. */
  #raisedAt = 0;

  constructor(ports: RetentionPorts, tally: RetentionTally, tenant: TenantId, topic: Topic, isOver: () => boolean) {
    this.#ports = ports;
    this.#tally = tally;
    this.#tenant = tenant;
    this.#topic = topic;
    this.#isOver = isOver;
  }

  async run(from: RetentionPlace): Promise<RetentionPlace | undefined> {
    this.#raisedAt = from.raisedAt === this.#topic.raisedAt ? from.raisedAt : 0;
    let { partition, offset } = from;
    while (partition < this.#topic.partitions) {
      // Where everything is in memory, many topics would else hold up every request for as long as the walk takes.
      await this.#ports.clock.turn();
      for (const readHead of await this.#headsFrom(partition)) {
        const stoppedAt = await this.#partition(partition, readHead, offset);
        if (stoppedAt !== undefined) return { ...from, partition, offset: stoppedAt, raisedAt: this.#raisedAt };
        [partition, offset] = [partition + 1, 0];
      }
    }
    if (this.#raisedAt > 0) await this.#unmark();
    return undefined;
  }

  /** Of some partitions at once; where one of them is damaged, each when it is asked for, so that the others can be read. */
  async #headsFrom(first: number): Promise<ReadHead[]> {
    const { offsets } = this.#ports;
    const refs = partitionRefs(this.#topic).slice(first, first + HEADS_AT_ONCE);
    try {
      return (await offsets.readHeads(this.#tenant, refs)).map((head) => async () => head);
    } catch (error) {
      if (isUnavailable(error)) throw error;
      return refs.map((ref) => () => offsets.readHead(this.#tenant, ref));
    }
  }

  /** Answers the offset at which it was stopped. */
  async #partition(partition: number, readHead: ReadHead, from: number): Promise<number | undefined> {
    const ref = { topicId: this.#topic.id, partition };
    try {
      return (await this.#remove(ref, await readHead())) ? await this.#prolong(ref, from) : from;
    } catch (error) {
      if (isUnavailable(error)) throw error;
      this.#raisedAt = 0;
      this.#tally.failed += 1;
      const { name: topic } = this.#topic;
      this.#ports.log.write('error', 'retention failed', { tenant: this.#tenant, topic, partition, error });
      return undefined;
    }
  }

  /** False: it was stopped. */
  async #remove(ref: PartitionRef, seen: Head | undefined): Promise<boolean> {
    const { retentionMs, retentionBytes } = this.#topic;
    const policy = { tenant: this.#tenant, ref, retentionMs, retentionBytes };
    for (let head = seen; head !== undefined; ) {
      if (this.#isOver()) return false;
      const { removed, rest } = await retain(this.#ports, { ...policy, head });
      this.#tally.removed += removed;
      head = rest;
    }
    return true;
  }

  async #prolong(ref: PartitionRef, from: number): Promise<number | undefined> {
    const { offsets, keeping } = this.#ports;
    if (this.#raisedAt === 0 || keeping === undefined) return undefined;
    const { retentionMs } = this.#topic;
    const keepMs = retentionMs < 0 ? undefined : retentionMs;
    const page = { tenant: this.#tenant, ref, keepMs, storedBefore: this.#raisedAt + REMEMBERED_MS };
    for (let offset: number | undefined = from; offset !== undefined; ) {
      if (this.#isOver()) return offset;
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
