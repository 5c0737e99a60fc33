import type { TenantId } from '../contract/ids.ts';
import type { Head, IndexPage, PartitionRef } from '../ports/offset-store.ts';
import { entriesFrom } from './entry-run.ts';
import { type FetchPorts, indexPage, walk } from './fetch-partition.ts';
import type { ReadBounds } from './read-bounds.ts';
import { type LoadedEntries, readEntries } from './read-entries.ts';
import type { RecordSink } from './record-sink.ts';

/** Where a reader of several partitions stands in one of them. */
export interface ReadPosition {
  readonly ref: PartitionRef;
  offset: number;
  /** As last seen: what is in its tail is read without another look into the index. */
  head: Head;
}

export interface PositionReads<Position extends ReadPosition> {
  readonly tenant: TenantId;
  readonly bounds: ReadBounds;
  readonly sink: RecordSink;
  /** The next records go to the sink from this position. */
  readonly enter?: (position: Position) => void;
  /** Looks at the heads of the positions again. */
  readonly refresh: () => Promise<unknown>;
}

/** Bounds what is loaded for one answer, whatever the number of partitions. */
const PARTITIONS_AT_ONCE = 16;

const hasMore = ({ offset, head }: ReadPosition): boolean => offset < head.nextOffset;

/** Reads several partitions side by side for one answer, which they share. */
export class PositionReader<Position extends ReadPosition> {
  /** The position to begin with, so that a busy one does not starve the others. */
  first: number;
  readonly #ports: FetchPorts;
  readonly #reads: PositionReads<Position>;
  #left: number;

  constructor(ports: FetchPorts, reads: PositionReads<Position>, first = 0) {
    this.#ports = ports;
    this.#reads = reads;
    this.#left = reads.bounds.records;
    this.first = first;
  }

  get hasGiven(): boolean {
    return this.#left < this.#reads.bounds.records;
  }

  /** Reads in rounds until a bound is met or nothing is left; true when it has given a record, now or before. */
  async read(positions: readonly Position[]): Promise<boolean> {
    const { bounds, sink, refresh } = this.#reads;
    let full = false;
    while (!full) {
      const waiting = this.#inTurn(positions).filter(hasMore);
      if (waiting.length === 0 || this.#left <= 0 || sink.bytes >= bounds.bytes) break;
      const before = this.#left;
      full = await this.#round(positions, waiting.slice(0, PARTITIONS_AT_ONCE));
      // Nothing given and no bound met: the log start has just passed a position.
      if (!full && this.#left === before) await refresh();
    }
    return this.hasGiven;
  }

  #inTurn(positions: readonly Position[]): Position[] {
    const first = this.first % Math.max(1, positions.length);
    return [...positions.slice(first), ...positions.slice(0, first)];
  }

  /** One share for each partition that has records, loaded side by side, given in turn; true when a bound is met. */
  async #round(positions: readonly Position[], waiting: readonly Position[]): Promise<boolean> {
    const { bounds, sink, enter } = this.#reads;
    const share = {
      records: Math.ceil(this.#left / waiting.length),
      bytes: Math.ceil((bounds.bytes - sink.bytes) / waiting.length),
    };
    const loaded = await Promise.all(waiting.map((position) => this.#load(position, share)));
    for (const [at, position] of waiting.entries()) {
      const most = { records: Math.min(share.records, this.#left), bytes: bounds.bytes };
      enter?.(position);
      const walked = walk(loaded[at]!, position.ref, position.offset, most, sink);
      position.offset = walked.nextOffset;
      this.#left -= walked.given;
      this.first = (positions.indexOf(position) + 1) % positions.length;
      if (walked.full && (this.#left <= 0 || walked.given < most.records)) return true;
    }
    return false;
  }

  async #load({ ref, offset, head }: Position, share: ReadBounds): Promise<LoadedEntries> {
    const { tenant } = this.#reads;
    const page = tailPage(head, offset) ?? (await indexPage(this.#ports, tenant, ref, offset));
    return readEntries(this.#ports.cache, tenant, ref, page, offset, share);
  }
}

/** The page of the index that begins at the entry which holds `offset`, when that is still in the tail of the head. */
function tailPage(head: Head, offset: number): IndexPage | undefined {
  if (offset < head.baseOffset || offset < head.logStartOffset) return undefined;
  const { logStartOffset, nextOffset, baseOffset, tail } = head;
  return { logStartOffset, nextOffset, ...entriesFrom({ baseOffset, entries: tail }, offset) };
}
