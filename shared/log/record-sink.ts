import type { RecordCursor } from './record-batch/cursor.ts';

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
}
