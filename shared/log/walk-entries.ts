import type { ReadBounds, Walk } from './read-bounds.ts';
import type { LoadedEntry } from './read-entries.ts';
import { RecordCursor } from './record-batch/cursor.ts';
import type { OpenBatch } from './record-batch/open-batches.ts';
import type { RecordSink } from './record-sink.ts';

/** Gives the records from `offset` on to the sink until a bound is met. */
export function walkEntries(
  entries: readonly LoadedEntry[],
  partition: number,
  offset: number,
  bounds: ReadBounds,
  sink: RecordSink,
): Walk {
  const walk: Walk = { nextOffset: offset, given: 0, full: bounds.records <= 0 };
  sink.expect?.(Math.min(storedBytes(entries), bounds.bytes - sink.bytes));
  for (const { entry, baseOffset, batches } of entries) {
    let batchOffset = baseOffset;
    if (!walk.full && baseOffset === walk.nextOffset) sink.begin?.({ entry, baseOffset });
    for (const batch of batches) {
      if (walk.full) return walk;
      if (batchOffset + batch.count > walk.nextOffset) walkBatch(batch, batchOffset, partition, bounds, sink, walk);
      batchOffset += batch.count;
    }
  }
  return walk;
}

const storedBytes = (entries: readonly LoadedEntry[]): number =>
  entries.reduce((sum, { batches }) => batches.reduce((bytes, { records }) => bytes + records.length, sum), 0);

function walkBatch(
  batch: OpenBatch,
  batchOffset: number,
  partition: number,
  bounds: ReadBounds,
  sink: RecordSink,
  walk: Walk,
): void {
  const cursor = new RecordCursor(batch);
  while (!walk.full && cursor.next()) {
    const offset = batchOffset + cursor.offsetDelta;
    if (offset < walk.nextOffset) continue;
    const first = sink.bytes === 0;
    sink.add(cursor, offset, partition);
    if (!first && sink.bytes > bounds.bytes) {
      sink.undo();
      walk.full = true;
      return;
    }
    walk.nextOffset = offset + 1;
    walk.full = ++walk.given >= bounds.records;
  }
}
