import type { TenantId } from '../contract/ids.ts';
import type { Topic } from '../contract/topic.ts';
import type { Head, PartitionRef } from '../ports/offset-store.ts';
import { invalidCursor, readCursor, writeCursor } from './cursor.ts';
import type { FetchPorts } from './fetch-partition.ts';
import { partitionRefs } from './partition-refs.ts';
import type { ReadBounds } from './read-bounds.ts';
import { PositionReader, type ReadPosition } from './read-positions.ts';
import type { RecordSink } from './record-sink.ts';
import { topicGone } from './refusal.ts';
import { type Start, startOffset } from './start-offset.ts';

export type TopicStart =
  | { readonly kind: 'cursor'; readonly cursor: string }
  | Exclude<Start, { kind: 'offset' | 'tail' }>;

export interface FetchTopicCall {
  readonly tenant: TenantId;
  readonly topic: Topic;
  readonly start: TopicStart;
  /** Reads this one alone; the others stay where they are. */
  readonly partition?: number | undefined;
  readonly bounds: ReadBounds;
  /** How long to wait for the first record. */
  readonly waitMs: number;
  readonly abort?: AbortSignal | undefined;
  /** Of how many partitions an answer has room to say what the log start has passed; the others wait for the next one. Any number if absent. */
  readonly mostSkipped?: number | undefined;
}

/** Records that the log start passed before the reader came to them. */
export interface Skipped {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

export interface FetchedTopic {
  readonly cursor: string;
  readonly skipped: readonly Skipped[];
}

/**
 * Reads all partitions of a topic from where the cursor stands. Each call begins with another partition, and shares its bounds among
 * those that have records. Everything that it knows afterwards is in the cursor that it answers.
 * @throws {ChasquiError} `invalid_cursor`, `topic_not_found`, `internal` (damaged).
 */
export async function fetchTopic(ports: FetchPorts, call: FetchTopicCall, sink: RecordSink): Promise<FetchedTopic> {
  const reader = new TopicReader(ports, call, sink);
  await reader.start();
  await reader.read();
  return reader.finish();
}

class TopicReader {
  readonly #ports: FetchPorts;
  readonly #call: FetchTopicCall;
  readonly #reader: PositionReader<ReadPosition>;
  readonly #skipped: Skipped[] = [];
  #positions: ReadPosition[] = [];
  /** Behind the log start, and left there: there was no room to say so. */
  readonly #leftBehind = new Set<ReadPosition>();

  constructor(ports: FetchPorts, call: FetchTopicCall, sink: RecordSink) {
    this.#ports = ports;
    this.#call = call;
    const { tenant, bounds } = call;
    this.#reader = new PositionReader(ports, { tenant, bounds, sink, refresh: () => this.#refreshed() });
  }

  async start(): Promise<void> {
    const { topic, start } = this.#call;
    const cursor = start.kind === 'cursor' ? readCursor(start.cursor, topic.id, topic.partitions) : undefined;
    this.#reader.first = cursor?.firstPartition ?? 0;
    const heads = await this.#heads();
    this.#positions = await Promise.all(
      heads.map(async (head, partition) => {
        const ref = { topicId: topic.id, partition };
        const offset = cursor === undefined ? await this.#begin(ref, head) : (cursor.offsets[partition] ?? 0);
        if (offset > head.nextOffset) throw invalidCursor('The cursor is ahead of the log.');
        return { ref, offset, head };
      }),
    );
    this.#skipTo(heads, this.#call.mostSkipped);
  }

  async read(): Promise<void> {
    const { tenant, waitMs, abort } = this.#call;
    const chosen = this.#chosen();
    if (await this.#reader.read(chosen)) return;
    if (waitMs === 0 || this.#leftBehind.size > 0) return;
    const until = this.#ports.clock.now() + waitMs;
    const refs = chosen.map(({ ref }) => ref);
    const watch = this.#ports.signal.watch(tenant, refs);
    try {
      // Looked at again after the watch began, so that nothing comes unseen in between.
      while (!(await this.#refreshed()) || !(await this.#reader.read(chosen))) {
        const leftMs = until - this.#ports.clock.now();
        if (leftMs <= 0 || abort?.aborted) return;
        await watch.next(leftMs, abort);
      }
    } finally {
      watch.end();
    }
  }

  #chosen(): ReadPosition[] {
    const { partition } = this.#call;
    if (partition !== undefined) return this.#positions.slice(partition, partition + 1);
    if (this.#leftBehind.size === 0) return this.#positions;
    return this.#positions.filter((position) => !this.#leftBehind.has(position));
  }

  finish(): FetchedTopic {
    const { topic } = this.#call;
    const offsets = this.#positions.map(({ offset }) => offset);
    const cursor = writeCursor({ topicId: topic.id, firstPartition: this.#reader.first, offsets });
    return { cursor, skipped: this.#skipped };
  }

  async #heads(): Promise<Head[]> {
    const { tenant, topic } = this.#call;
    const refs = partitionRefs(topic);
    const heads = await this.#ports.offsets.readHeads(tenant, refs);
    return heads.map((head) => {
      if (head === undefined) throw topicGone();
      return head;
    });
  }

  async #begin(ref: PartitionRef, head: Head): Promise<number> {
    const { tenant, start } = this.#call;
    return start.kind === 'cursor' ? 0 : startOffset(this.#ports, tenant, ref, head, start);
  }

  /**
   * Where the log start has passed a position, reading goes on at the log start, and the answer says so. Positions are left behind only before
   * any is read: one that is being read cannot stay where there is nothing any more.
   */
  #skipTo(heads: readonly Head[], most = Number.POSITIVE_INFINITY): void {
    for (const [partition, head] of heads.entries()) {
      const position = this.#positions[partition]!;
      position.head = head;
      if (position.offset >= head.logStartOffset || this.#leftBehind.has(position)) continue;
      if (this.#skipped.length >= most) {
        this.#leftBehind.add(position);
        continue;
      }
      this.#skipped.push({ partition, from: position.offset, to: head.logStartOffset });
      position.offset = head.logStartOffset;
    }
  }

  /** True when there is something to read. */
  async #refreshed(): Promise<boolean> {
    this.#skipTo(await this.#heads());
    return this.#chosen().some(({ offset, head }) => offset < head.nextOffset);
  }
}
