import type { Delivery, PendingRetry } from '../ports/subscription-store.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import type { Predicate } from './filter.ts';
import { join, newParcel, type Parcel } from './parcel.ts';

export interface WindowRules {
  readonly passes: Predicate;
  /** Of one parcel. */
  readonly maxRecords: number;
  readonly maxBytes: number;
  /** How long a parcel that is not full waits for more. */
  readonly maxWaitMs: number;
}

const MAX_PARCELS = 400;
/** Batches whose extent is stored in one write: few enough for an item of a store. */
const PLANNED_AT_ONCE = 64;

type Range = readonly [number, number];

const covers =
  (offset: number) =>
  ({ from, to }: PendingRetry): boolean =>
    from <= offset && offset < to;

/**
 * What lies between the committed offset and what was read: parcels in the order of the log. Those in front that are done are
 * forgotten, and the committed offset moves on; those behind are kept as ranges, so that nothing of them goes out again after a
 * restart. A batch that may have been sent before the restart is put together of the same records, as its id has to be the same.
 */
export class Window {
  readonly parcels: Parcel[] = [];
  readonly #rules: WindowRules;
  #done: readonly Range[];
  #retries: readonly PendingRetry[];
  readonly #open: Delivery['open'];
  /** The next offset to read. */
  #next: number;

  constructor(rules: WindowRules, from: Pick<Delivery, 'committedOffset' | 'done' | 'retries' | 'open'>) {
    this.#rules = rules;
    this.#next = from.committedOffset;
    this.#done = from.done;
    this.#retries = from.retries;
    this.#open = from.open;
  }

  get nextOffset(): number {
    return this.#next;
  }

  get committedOffset(): number {
    return this.parcels[0]?.from ?? this.#next;
  }

  /** What it holds of records that are not done. */
  get bytes(): number {
    return this.parcels.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** It holds as many parcels as one may look through. */
  get isFull(): boolean {
    return this.parcels.length >= MAX_PARCELS;
  }

  get doneRanges(): Range[] {
    const read = this.parcels.filter(({ state }) => state === 'done').map(({ from, to }): Range => [from, to]);
    return [...this.#done, ...read];
  }

  get retries(): PendingRetry[] {
    const read = this.parcels
      .filter(({ state, attempts, planned }) => state !== 'done' && (planned || attempts > 0))
      .map(({ from, to, fixedTo = to, attempts, failedAt, nextTryAt }) => ({
        from,
        to: fixedTo,
        attempts,
        failedAt,
        nextTryAt,
      }));
    // And those that have not been read again yet since the restart.
    return [...read, ...this.#retries.filter(({ from }) => from >= this.#next)];
  }

  /** The parcel that waits for more records: how long it has waited has to outlast whoever began it. */
  get open(): Delivery['open'] {
    const last = this.parcels.at(-1);
    const waits = last?.state === 'waiting' && !last.sealed && last.fixedTo === undefined;
    return waits ? { from: last.from, seenAt: last.seenAt } : undefined;
  }

  /** Records as they were read, in order, up to `nextOffset`. */
  add(records: readonly DeliveryRecord[], nextOffset: number, now: number): void {
    for (const record of records) {
      this.#next = record.offset + 1;
      if (this.#isDone(record.offset)) continue;
      if (this.#rules.passes(record)) this.#place(record, now);
    }
    this.#next = Math.max(this.#next, nextOffset);
    this.#coverTo(this.#next);
    this.#trim();
  }

  /** The log start has passed everything before it. */
  skipTo(offset: number): void {
    this.#next = Math.max(this.#next, offset);
  }

  /** Of what is done nobody needs the records any more, even where it is kept for those in front of it. */
  finish(parcel: Parcel): void {
    parcel.state = 'done';
    parcel.records.length = 0;
    parcel.bytes = 0;
    this.#trim();
  }

  /** When a parcel that waits for more records has waited long enough. */
  ripeAt({ sealed, fixedTo, seenAt }: Parcel): number {
    if (fixedTo !== undefined) return this.#next >= fixedTo ? seenAt : Number.POSITIVE_INFINITY;
    return sealed ? seenAt : seenAt + this.#rules.maxWaitMs;
  }

  /** Its extent has to be stored before it goes out. A parcel of one record can be no other. */
  mustPlan({ planned }: Parcel): boolean {
    return !planned && this.#rules.maxRecords > 1;
  }

  /** Settles what the next ones are put together of, as far as they may go out now; to be stored by the caller. */
  plan(now: number): void {
    const ripe = this.parcels.filter((parcel) => this.mustPlan(parcel) && this.ripeAt(parcel) <= now);
    for (const parcel of ripe.slice(0, PLANNED_AT_ONCE)) {
      parcel.sealed = true;
      parcel.planned = true;
    }
  }

  #isDone(offset: number): boolean {
    return this.#done.some(([from, to]) => from <= offset && offset < to);
  }

  #place(record: DeliveryRecord, now: number): void {
    const retry = this.#retries.find(covers(record.offset));
    const open = this.parcels.at(-1);
    if (open !== undefined && this.#fits(open, record, retry)) {
      join(open, record);
      if (retry === undefined) open.sealed = open.records.length >= this.#rules.maxRecords;
      return;
    }
    if (open !== undefined) open.sealed = true;
    const seenAt = this.#open?.from === record.offset ? this.#open.seenAt : now;
    const parcel = newParcel(record.offset, seenAt, retry);
    parcel.sealed = retry === undefined && this.#rules.maxRecords === 1;
    join(parcel, record);
    this.parcels.push(parcel);
  }

  #fits(open: Parcel, record: DeliveryRecord, retry: PendingRetry | undefined): boolean {
    if (retry !== undefined) return open.fixedTo === retry.to && open.from === retry.from;
    if (open.sealed || open.fixedTo !== undefined || open.state !== 'waiting') return false;
    return open.bytes + record.bytes <= this.#rules.maxBytes;
  }

  /** What a parcel covers reaches up to the next one's records, so that the filter's gaps move on with it. */
  #coverTo(offset: number): void {
    const last = this.parcels.at(-1);
    if (last?.state === 'waiting' && !last.sealed && last.fixedTo === undefined) last.to = offset;
  }

  #trim(): void {
    while (this.parcels[0]?.state === 'done') this.parcels.shift();
    // Nothing is read before the committed offset again.
    if (this.#done.length > 0) this.#done = this.#done.filter(([, to]) => to > this.committedOffset);
    if (this.#retries.length > 0) this.#retries = this.#retries.filter(({ to }) => to > this.#next);
  }
}
