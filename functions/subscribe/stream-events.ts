import { ChasquiError } from '../../shared/contract/errors.ts';
import type { TenantId } from '../../shared/contract/ids.ts';
import type { Topic } from '../../shared/contract/topic.ts';
import { EventRecordSink } from '../../shared/http/records/write-events.ts';
import { readCursor, writeCursor } from '../../shared/log/cursor.ts';
import type { FetchPorts } from '../../shared/log/fetch-partition.ts';
import { type FetchedTopic, fetchTopic, type TopicStart } from '../../shared/log/fetch-topic.ts';
import { findTopic } from '../../shared/log/find-topic.ts';
import type { Ports } from '../../shared/ports/ports.ts';

export type StreamPorts = FetchPorts & Pick<Ports, 'topics'>;

export interface Stream {
  readonly tenant: TenantId;
  readonly topic: Topic;
  readonly partition?: number | undefined;
  /** Where to begin. */
  readonly cursor: string;
  readonly abort: AbortSignal;
  /** Whether whoever opened it may still read. */
  readonly isOpen: () => Promise<boolean>;
}

/** Before the time limit of any proxy that is worth the name. */
const STREAM_MS = 5 * 60_000;
const HEARTBEAT_MS = 15_000;
/** How soon a key that was revoked is dead (contract section 2). */
const CHECK_MS = 1000;
const RECONNECT_MS = 1000;
/** Of one step: what waits for a reader that is slow. */
const BOUNDS = { records: 500, bytes: 256 * 1024 };
const NOTHING = { records: 0, bytes: 1 };

const HEARTBEAT = Buffer.from(': heartbeat\n\n');

/** The cursor that a start means now: one that is given stays, so that what the log start has passed since is told. @throws {ChasquiError} `invalid_cursor`, `topic_not_found` */
export const startOfStream = async (
  ports: StreamPorts,
  { tenant, topic }: Pick<Stream, 'tenant' | 'topic'>,
  start: TopicStart,
): Promise<string> => {
  const sink = { add: () => undefined, undo: () => undefined, bytes: 0 };
  const { cursor } = await fetchTopic(ports, { tenant, topic, start, bounds: NOTHING, waitMs: 0 }, sink);
  return start.kind === 'cursor' ? start.cursor : cursor;
};

/** No event, but readers that follow the standard keep the id, so that one who was sent nothing yet loses no place. */
const opening = (cursor: string): Buffer => Buffer.from(`retry: ${RECONNECT_MS}\nid: ${cursor}\n\n`);

const reconnect = (cursor: string): Buffer => Buffer.from(`id: ${cursor}\nevent: reconnect\ndata: {}\n\n`);

/** Its id is behind what was skipped, and before the records that follow. */
const skippedEvent = (topic: Topic, begun: string, { skipped }: FetchedTopic): Buffer => {
  const { offsets, firstPartition } = readCursor(begun, topic.id, topic.partitions);
  const behind = Array.from({ length: topic.partitions }, (_, partition) => offsets[partition] ?? 0);
  for (const { partition, to } of skipped) behind[partition] = to;
  const id = writeCursor({ topicId: topic.id, firstPartition, offsets: behind });
  const named = skipped.map((range) => ({ topic: topic.name, ...range }));
  return Buffer.from(`id: ${id}\nevent: skipped\ndata: ${JSON.stringify(named)}\n\n`);
};

interface Step {
  readonly topic: Topic;
  readonly cursor: string;
  readonly waitMs: number;
}

const stepOf = async (
  ports: StreamPorts,
  { tenant, partition, abort }: Stream,
  { topic, cursor, waitMs }: Step,
): Promise<{ readonly cursor: string; readonly events: Buffer }> => {
  const sink = new EventRecordSink(topic.id, cursor, topic.partitions);
  const call = { tenant, topic, partition, start: { kind: 'cursor', cursor } as const, bounds: BOUNDS, waitMs, abort };
  const fetched = await fetchTopic(ports, call, sink);
  const records = sink.finish();
  const events =
    fetched.skipped.length === 0 ? records : Buffer.concat([skippedEvent(topic, cursor, fetched), records]);
  return { cursor: fetched.cursor, events };
};

/** The topic as it is now, perhaps grown; undefined when it is no longer the one that the stream is of. */
const sameTopic = async (ports: StreamPorts, { tenant, topic }: Stream): Promise<Topic | undefined> => {
  const now = await ports.topics.get(tenant, topic.name);
  return now?.id === topic.id ? now : undefined;
};

/** A topic that is deleted at this moment ends its streams; anything else cuts them off. */
const nothingIfGone = (error: unknown): undefined => {
  if (!(error instanceof ChasquiError) || error.code !== 'topic_not_found') throw error;
};

/** The whole stream, until its time is over, the server closes, the topic or the right to read it goes, or nobody listens. */
export async function* streamEvents(ports: StreamPorts, stream: Stream): AsyncGenerator<Uint8Array, void> {
  const { clock } = ports;
  const endsAt = clock.now() + STREAM_MS;
  let { cursor } = stream;
  let spokeAt = clock.now();
  yield opening(cursor);
  for (;;) {
    const topic = await sameTopic(ports, stream);
    if (topic === undefined || !(await stream.isOpen())) return;
    const now = clock.now();
    if (now >= endsAt || stream.abort.aborted) break;
    const waitMs = Math.max(0, Math.min(CHECK_MS, endsAt - now, spokeAt + HEARTBEAT_MS - now));
    const step = await stepOf(ports, stream, { topic, cursor, waitMs }).catch(nothingIfGone);
    if (step === undefined) return;
    cursor = step.cursor;
    const isQuiet = step.events.length === 0;
    if (isQuiet && clock.now() < spokeAt + HEARTBEAT_MS) continue;
    spokeAt = clock.now();
    yield isQuiet ? HEARTBEAT : step.events;
  }
  yield reconnect(cursor);
}

/** Where the front door wants the whole answer at once: what a long poll would have answered, and a reconnect. */
export const bufferedEvents = async (
  ports: StreamPorts,
  stream: Stream,
  waitMs: number,
): Promise<Buffer<ArrayBuffer>> => {
  const topic = await findTopic(ports, stream.tenant, stream.topic.name);
  if (topic.id !== stream.topic.id) throw new ChasquiError('topic_not_found', 'There is no topic of this name.');
  const { cursor, events } = await stepOf(ports, stream, { topic, cursor: stream.cursor, waitMs });
  return Buffer.concat([opening(stream.cursor), events, reconnect(cursor)]);
};
