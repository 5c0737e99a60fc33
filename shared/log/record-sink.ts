import type { IndexEntry } from '../ports/offset-store.ts';
import type { ReadBounds, Walk } from './read-bounds.ts';
import type { RecordCursor } from './record-batch/cursor.ts';

/** An index entry and the offset of its first record. */
export interface PlacedEntry {
  readonly entry: IndexEntry;
  readonly baseOffset: number;
}

/** Where a fetch puts its records, one at a time and without a copy between: the edge renders them as they come. */
export interface RecordSink {
  /** Renders the record that the cursor stands on. `partition` is shown only by answers over several. */
  add(cursor: RecordCursor, offset: number, partition: number): void;
  /** About so many more bytes will come, so that memory for them is taken once. */
  expect?(bytes: number): void;
  /** Takes the last record back (once): it was one too many for the byte limit. */
  undo(): void;
  /** Rendered bytes so far. */
  readonly bytes: number;
  /** The records that are added next are this entry's, from its first one on: a sink may remember what a whole entry became. */
  begin?(placed: PlacedEntry): void;
  /** Whether it remembers what the entry became, so that `recall` gives it. */
  knows?(placed: PlacedEntry): boolean;
  /** Gives the entry's records from `offset` on, as far as the bounds allow, without its batch. Undefined: it does not know them. */
  recall?(placed: PlacedEntry, offset: number, bounds: ReadBounds): Walk | undefined;
}
