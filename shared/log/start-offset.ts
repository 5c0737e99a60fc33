import { ChasquiError } from '../contract/errors.ts';
import type { TenantId } from '../contract/ids.ts';
import type { Head, IndexPage, PartitionRef } from '../ports/offset-store.ts';
import type { Ports } from '../ports/ports.ts';
import type { BatchCache } from './batch-cache.ts';
import { type LoadedEntry, readEntries } from './read-entries.ts';
import { RecordCursor } from './record-batch/cursor.ts';

export type Start =
  | { readonly kind: 'offset'; readonly offset: number }
  /** The first record whose timestamp is at least this, in milliseconds. */
  | { readonly kind: 'timestamp'; readonly timestamp: number }
  /** The last `count` records. */
  | { readonly kind: 'tail'; readonly count: number }
  | { readonly kind: 'earliest' | 'latest' };

type StartPorts = Pick<Ports, 'offsets'> & { readonly cache: BatchCache };

const ENTRIES = 1;
const ONE = { records: 1, bytes: 1 };

type Bounds = Pick<IndexPage, 'logStartOffset' | 'nextOffset'>;

/** The offset that a start means now. `head` is the partition's. */
export async function startOffset(
  ports: StartPorts,
  tenant: TenantId,
  ref: PartitionRef,
  head: Head,
  start: Exclude<Start, { kind: 'offset' }>,
): Promise<number> {
  switch (start.kind) {
    case 'earliest':
      return head.logStartOffset;
    case 'latest':
      return head.nextOffset;
    case 'tail':
      return Math.max(head.logStartOffset, head.nextOffset - start.count);
    case 'timestamp':
      return offsetOfTime(ports, tenant, ref, head, start.timestamp);
  }
}

/** @throws {ChasquiError} `offset_out_of_range`. */
export function checkRange(offset: number, { logStartOffset, nextOffset }: Bounds): void {
  if (offset >= logStartOffset && offset <= nextOffset) return;
  throw new ChasquiError('offset_out_of_range', `Offset ${offset} is not from ${logStartOffset} to ${nextOffset}.`, {
    extra: { logStartOffset, highWatermark: nextOffset },
  });
}

/** As Kafka's ListOffsets: the earliest offset whose record is at least as late, else the high watermark. */
async function offsetOfTime(
  ports: StartPorts,
  tenant: TenantId,
  ref: PartitionRef,
  head: Head,
  timestamp: number,
): Promise<number> {
  const found = await ports.offsets.findTimestamp(tenant, ref, timestamp);
  let offset = Math.max(found ?? head.nextOffset, head.logStartOffset);
  // The first entry nearly always holds it; not so when a trim has just taken the one record that made it match.
  for (;;) {
    const page = await ports.offsets.readIndex(tenant, ref, offset, ENTRIES);
    const entry = page?.entries[0];
    if (page === undefined || entry === undefined) return page?.nextOffset ?? head.nextOffset;
    const from = Math.max(offset, page.logStartOffset);
    if (entry.maxTimestamp >= timestamp) {
      const { entries, release } = await readEntries(ports.cache, tenant, ref, page, from, ONE);
      const at = entries[0] && firstSince(entries[0], from, timestamp);
      release();
      if (at !== undefined) return at;
    }
    offset = page.baseOffset + entry.count;
  }
}

function firstSince({ baseOffset, batches }: LoadedEntry, from: number, timestamp: number): number | undefined {
  let batchOffset = baseOffset;
  for (const batch of batches) {
    const cursor = new RecordCursor(batch);
    while (cursor.next()) {
      const offset = batchOffset + cursor.offsetDelta;
      if (offset >= from && cursor.timestamp >= timestamp) return offset;
    }
    batchOffset += batch.count;
  }
  return undefined;
}
