import { ChasquiError } from '../contract/errors.ts';
import type { TopicName } from '../contract/ids.ts';
import { invalidCursor } from '../log/cursor.ts';
import type { ReadBounds } from '../log/read-bounds.ts';
import { PositionReader, type ReadPosition } from '../log/read-positions.ts';
import type { RecordSink } from '../log/record-sink.ts';
import { topicGone } from '../log/refusal.ts';
import type { SignalRef, Watch } from '../ports/commit-signal.ts';
import type { Lease } from '../ports/group-store.ts';
import type { PartitionRef } from '../ports/offset-store.ts';
import { type Applicant, type Attendance, admit, hangUp, stay } from './admit.ts';
import { type Given, givenBy } from './given.ts';
import { type GroupCursor, readGroupCursor, writeGroupCursor } from './group-cursor.ts';
import { type GroupPorts, groupSignal } from './group-ports.ts';
import { keyOf } from './lease-changes.ts';
import { type Place, placesOf } from './place.ts';
import { type Holding, settle } from './settle.ts';

export interface PollCall extends Applicant {
  readonly cursor?: string | undefined;
  readonly bounds: ReadBounds;
  /** How long to wait for the first record. */
  readonly waitMs: number;
  readonly autoCommit: boolean;
  /** Where a group begins that has no offsets yet. */
  readonly from: 'earliest' | 'latest';
  readonly abort?: AbortSignal | undefined;
  /** Nobody is there any more to take the answer. */
  readonly isHungUp?: (() => boolean) | undefined;
}

/** Records that the log start passed before the group came to them. */
export interface SkippedRange extends Place {
  readonly from: number;
  readonly to: number;
}

export interface Polled {
  readonly generation: number;
  readonly assignment: readonly Place[];
  readonly revoking: readonly Place[];
  readonly cursor: string;
  readonly skipped: readonly SkippedRange[];
}

/** A sink that is told whose records come next. */
export interface GroupSink extends RecordSink {
  enter(topic: TopicName): void;
}

/** How often a poll that waits looks at its group, even if nothing wakes it: where nobody can, a rebalance is seen by then. */
const LOOK_MS = 2000;
const LOOKS_AT_ONCE = 3;
/** Soon enough to see what somebody else has just written, where nobody announces it. */
const SOON_MS = 20;
/** How often at least within a session, so that every heartbeat is written in time. */
const LOOKS_PER_SESSION = 6;

/**
 * Joins or stays, takes and gives back partitions, and reads, waiting for records if asked to. Positions travel in the cursor.
 * @throws {ChasquiError} `invalid_cursor`, `forbidden`, `fenced` (the cursor is older than a seek), `internal` (damaged)
 */
export async function pollGroup(ports: GroupPorts, call: PollCall, sink: GroupSink): Promise<Polled> {
  const poll = new GroupPoll(ports, call, sink);
  await poll.run();
  if (call.isHungUp?.() === true) await poll.hangUp();
  return poll.finish();
}

interface Position extends ReadPosition {
  readonly holding: Holding;
}

class GroupPoll {
  readonly #ports: GroupPorts;
  readonly #call: PollCall;
  readonly #reader: PositionReader<Position>;
  readonly #cursor: GroupCursor | undefined;
  readonly #skipped: SkippedRange[] = [];
  /** What the cursor says, as far as it still holds. */
  #given: Given = new Map();
  #attendance: Attendance | undefined;
  #positions: Position[] = [];
  #hasNews = false;
  #lookAt = 0;
  readonly #calledAt: number;

  constructor(ports: GroupPorts, call: PollCall, sink: GroupSink) {
    const { tenant, group, bounds, cursor } = call;
    this.#ports = ports;
    this.#call = call;
    this.#calledAt = ports.clock.now();
    this.#cursor = cursor === undefined ? undefined : readGroupCursor(tenant, group, cursor);
    const enter = ({ holding }: Position): void => sink.enter(holding.lease.topic);
    const refresh = (): Promise<void> => this.#refresh();
    this.#reader = new PositionReader(ports, { tenant, bounds, sink, enter, refresh }, this.#cursor?.first);
  }

  async run(): Promise<void> {
    const { waitMs, tenant, group } = this.#call;
    const until = this.#calledAt + waitMs;
    const watchOf = (refs: readonly SignalRef[]): Watch =>
      this.#ports.signal.watch(tenant, [groupSignal(group), ...refs]);
    // The watch begins before the look, so that nothing comes unseen in between; at first on what the cursor says we have.
    let watched: readonly PartitionRef[] = this.#cursor?.positions ?? [];
    let watch = waitMs > 0 ? watchOf(watched) : undefined;
    try {
      for (;;) {
        await this.#look();
        if ((await this.#read()) || this.#hasNews || watch === undefined || this.#isOver(until)) return;
        if (this.#isWatched(watched)) {
          await watch.next(this.#patience(until), this.#call.abort);
          // Nobody is there any more to stay in the group for.
          if (this.#call.abort?.aborted) return;
        } else {
          watch.end();
          watched = this.#positions.map(({ ref }) => ref);
          watch = watchOf(watched);
        }
      }
    } finally {
      watch?.end();
    }
  }

  hangUp(): Promise<void> {
    return hangUp(this.#ports, this.#call.tenant, this.#attended);
  }

  finish(): Polled {
    const { tenant, group } = this.#call;
    const { generation } = this.#attended.me;
    const positions = this.#positions.map(({ offset, holding: { lease } }) => {
      const { topicId, partition, ownership, seeks } = lease;
      return { topicId, partition, ownership, seeks, offset };
    });
    const leasesOf = (some: readonly Position[]): Lease[] => some.map(({ holding }) => holding.lease);
    return {
      generation,
      assignment: placesOf(leasesOf(this.#positions)),
      revoking: placesOf(leasesOf(this.#positions.filter(({ holding }) => holding.revoking))),
      cursor: writeGroupCursor(tenant, group, { generation, first: this.#reader.first, positions }),
      skipped: this.#skipped,
    };
  }

  get #attended(): Attendance {
    if (this.#attendance === undefined) throw new Error('The poll has not begun.');
    return this.#attendance;
  }

  /** Where somebody else was quicker, such as another poll of the same member, the next look shows what is true. */
  async #look(): Promise<void> {
    const before = this.#attendance === undefined ? undefined : this.#positions;
    for (let looks = 0; looks < LOOKS_AT_ONCE; looks += 1) {
      await this.#attend();
      if (this.#lookAt > 0) break;
    }
    this.#hasNews ||= before !== undefined && !isSame(before, this.#positions);
  }

  /** Takes part in the group, as every poll and every look of a poll that waits does. */
  async #attend(): Promise<void> {
    const { tenant, from, autoCommit } = this.#call;
    const known = this.#attendance?.me;
    const attendance = await (known === undefined
      ? admit(this.#ports, this.#call)
      : stay(this.#ports, { ...this.#call, calledAt: this.#calledAt }, known));
    this.#given = givenBy(this.#cursor, attendance);
    this.#attendance = attendance;
    const received = (lease: Lease): number | undefined => this.#receivedOf(lease);
    // What the client had when it called: what is behind the cursor it was sent, it has.
    const toCommit = (lease: Lease): number | undefined =>
      autoCommit ? this.#given.get(keyOf(lease))?.offset : undefined;
    const settling = { tenant, attendance, received, toCommit, from };
    const { holdings, hasNews, lookAt } = await settle(this.#ports, settling);
    this.#hasNews ||= hasNews;
    this.#lookAt = lookAt;
    this.#positions = holdings.map((holding) => this.#positionOf(holding));
    for (const position of this.#positions) this.#skipTo(position);
  }

  /** What this call has read counts too: it is on its way to the client. */
  #receivedOf(lease: Lease): number | undefined {
    return this.#known(lease)?.offset ?? this.#given.get(keyOf(lease))?.offset;
  }

  #known(lease: Lease): Position | undefined {
    return this.#positions.find(
      ({ holding: { lease: known } }) =>
        keyOf(known) === keyOf(lease) && known.ownership === lease.ownership && known.seeks === lease.seeks,
    );
  }

  #positionOf(holding: Holding): Position {
    const { lease, head } = holding;
    const { topicId, partition } = lease;
    const offset = this.#receivedOf(lease) ?? lease.committedOffset ?? head.logStartOffset;
    if (offset > head.nextOffset) throw invalidCursor('The cursor is ahead of the log.');
    return { ref: { topicId, partition }, offset, head, holding };
  }

  /** Where the log start has passed a position, reading goes on at the log start, and the answer says so. */
  #skipTo(position: Position): void {
    const { head, holding, offset } = position;
    if (holding.revoking || offset >= head.logStartOffset) return;
    const { topic, partition } = holding.lease;
    this.#skipped.push({ topic, partition, from: offset, to: head.logStartOffset });
    position.offset = head.logStartOffset;
  }

  /** True when there are records to answer. A topic that is deleted at this moment has none; the next look will know. */
  async #read(): Promise<boolean> {
    try {
      return await this.#reader.read(this.#positions.filter(({ holding }) => !holding.revoking));
    } catch (error) {
      if (!(error instanceof ChasquiError) || error.code !== 'topic_not_found') throw error;
      return this.#reader.hasGiven;
    }
  }

  async #refresh(): Promise<void> {
    const refs = this.#positions.map(({ ref }) => ref);
    const heads = await this.#ports.offsets.readHeads(this.#call.tenant, refs);
    for (const [at, position] of this.#positions.entries()) {
      const head = heads[at];
      if (head === undefined) throw topicGone();
      position.head = head;
      this.#skipTo(position);
    }
  }

  #isOver(until: number): boolean {
    return this.#ports.clock.now() >= until || this.#call.abort?.aborted === true;
  }

  #isWatched(watched: readonly PartitionRef[]): boolean {
    const keys = new Set(watched.map(keyOf));
    return this.#positions.every(({ ref }) => keys.has(keyOf(ref)));
  }

  #patience(until: number): number {
    const now = this.#ports.clock.now();
    const untilLook = Math.max(this.#lookAt - now, SOON_MS);
    return Math.min(until - now, untilLook, LOOK_MS, this.#attended.me.sessionTimeoutMs / LOOKS_PER_SESSION);
  }
}

const isSame = (before: readonly Position[], now: readonly Position[]): boolean =>
  before.length === now.length && before.every(({ ref }, at) => keyOf(ref) === keyOf(now[at]!.ref));
