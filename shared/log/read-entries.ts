import { ChasquiError } from '../contract/errors.ts';
import type { TenantId } from '../contract/ids.ts';
import { BlobUnreadableError } from '../ports/blob-store.ts';
import { IndexDamagedError, type IndexEntry, type PartitionRef } from '../ports/offset-store.ts';
import type { BatchCache } from './batch-cache.ts';
import type { EntryRun } from './entry-run.ts';
import type { ReadBounds } from './read-bounds.ts';
import { BatchDamagedError } from './record-batch/batch-damaged-error.ts';
import type { OpenBatch } from './record-batch/open-batches.ts';
import type { PlacedEntry } from './record-sink.ts';

/** An index entry with its batches, proved whole, and the offset of its first record. */
export interface LoadedEntry extends PlacedEntry {
  readonly batches: readonly OpenBatch[];
}

/** Entries to look at until they are released (see `OpenedSlices`). */
export interface LoadedEntries {
  readonly entries: readonly LoadedEntry[];
  release(): void;
}

/**
 * Loads the first entries of a page, as many as the bounds may need for reading from `offset` on (one at least).
 * @throws {ChasquiError} `internal`, naming the place, when stored bytes are missing or damaged.
 */
export async function readEntries(
  cache: BatchCache,
  tenant: TenantId,
  ref: PartitionRef,
  page: EntryRun,
  offset: number,
  bounds: ReadBounds,
): Promise<LoadedEntries> {
  const wanted = firstEntries(page, offset, bounds);
  try {
    const opened = await cache.load(tenant, wanted);
    let baseOffset = page.baseOffset;
    const entries = opened.batches.map((batches, at) => {
      const entry = wanted[at]!;
      const loaded = { entry, baseOffset, batches };
      baseOffset += checkedCount(entry, batches);
      return loaded;
    });
    return { entries, release: opened.release };
  } catch (error) {
    throw asDamaged(error, ref, offset);
  }
}

function firstEntries(page: EntryRun, offset: number, bounds: ReadBounds): readonly IndexEntry[] {
  let records = page.baseOffset - offset;
  let bytes = 0;
  let count = 0;
  while (count < page.entries.length && (count === 0 || (records < bounds.records && bytes < bounds.bytes))) {
    const entry = page.entries[count++]!;
    records += entry.count;
    bytes += entry.length;
  }
  return page.entries.slice(0, count);
}

function checkedCount(entry: IndexEntry, batches: readonly OpenBatch[]): number {
  const count = batches.reduce((sum, batch) => sum + batch.count, 0);
  if (count !== entry.count)
    throw new IndexDamagedError(`blob ${entry.blob.id}: ${count} records where the index says ${entry.count}`);
  return count;
}

/** What cannot be read is an error that says where, never data. Anything else is passed on as it is. */
export function asDamaged(error: unknown, { topicId, partition }: PartitionRef, offset: number): unknown {
  const known =
    error instanceof BlobUnreadableError || error instanceof BatchDamagedError || error instanceof IndexDamagedError;
  if (!known) return error;
  const detail = `Stored records of topic ${topicId}, partition ${partition}, at or behind offset ${offset} are damaged.`;
  return new ChasquiError('internal', detail, { retryable: false, extra: { partition, offset }, cause: error });
}
