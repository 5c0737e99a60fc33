import type { Answered } from '../journal/operation.ts';
import { encodeAnswer } from './answers.ts';
import type { Dirt } from './dirt.ts';
import type { DeadSegments } from './draft.ts';
import type { IndexTables, TableWriter } from './index-tables.ts';
import { namedKey, numberKey, partitionKey } from './keys.ts';
import type { Partition, Segment } from './partition-state.ts';
import { encodeState } from './state-codec.ts';
import { writePeaks } from './timestamp-peaks.ts';

/** The segments that a checkpoint stored, by partition: they need not stay in memory. */
export type StoredSegments = ReadonlyMap<Partition, readonly Segment[]>;

/** Puts everything that waits into one transaction. */
export const saveDirt = (tables: IndexTables, batch: TableWriter, dirt: Dirt): StoredSegments => {
  const stored = new Map<Partition, readonly Segment[]>();
  for (const partition of dirt.partitions) {
    stored.set(partition, [...partition.pending]);
    savePartition(tables, batch, partition);
  }
  for (const answer of dirt.answers.values()) saveAnswer(batch, answer);
  for (const key of dirt.deletions.values()) batch.put('deletions', key, Buffer.alloc(0));
  for (const dead of dirt.dead.values()) saveDead(batch, dead);
  return stored;
};

const savePartition = (tables: IndexTables, batch: TableWriter, { tenant, ref, state, pending }: Partition): void => {
  const key = partitionKey(tenant, ref);
  if (state === undefined) {
    batch.remove('partitions', key);
    return;
  }
  batch.put('partitions', key, encodeState(state));
  for (const segment of pending) batch.putGuarded('segments', segment.key, segment.value);
  if (pending.length > 0) writePeaks(tables, batch, tenant, pending);
};

const saveAnswer = (batch: TableWriter, answer: Answered): void => {
  batch.put('answers', namedKey(answer.tenant, answer.key), encodeAnswer(answer));
};

const saveDead = (batch: TableWriter, dead: DeadSegments): void => {
  const payload = Buffer.allocUnsafe(8);
  payload.writeDoubleBE(dead.below, 0);
  batch.put('dead', numberKey(dead.tenant, dead.number), payload);
};
