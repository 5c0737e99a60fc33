import type { TenantId } from '../../contract/ids.ts';
import { backoffMs } from '../../lib/backoff.ts';
import { IndexDamagedError, type IndexEntry, type PartitionRef } from '../../ports/offset-store.ts';
import type { OffsetContext } from './commit.ts';
import { Decoder } from './encoding/byte-codec.ts';
import { FAN_OUT, findPeak } from './encoding/time-index.ts';
import { bucketKey, partitionKey, segmentKey } from './keys.ts';
import { viewLog } from './log-view.ts';
import { readHead } from './read-heads.ts';
import { readSegment } from './segment-item.ts';

const SETTLE_ATTEMPTS = 6;
const SETTLE = { baseMs: 5, maxMs: 80 };

interface Search {
  readonly context: OffsetContext;
  readonly tenant: TenantId;
  readonly ref: PartitionRef;
  readonly timestamp: number;
}

interface StoredNote {
  readonly peak: number;
  readonly endOffset: number;
}

const readNote = (bytes: Uint8Array | undefined): StoredNote => {
  const from = new Decoder(bytes ?? new Uint8Array());
  const peak = from.integer();
  return { peak, endOffset: from.atEnd ? -1 : from.integer() };
};

/** As in a view of the log, a seal may be seen in its head before it is seen here. */
const readBucket = async (search: Search, level: number, bucket: number, count: number): Promise<StoredNote[]> => {
  const { context, tenant, ref } = search;
  for (let attempt = 1; attempt <= SETTLE_ATTEMPTS; attempt += 1) {
    const item = await context.table.get(bucketKey(tenant, ref, level, bucket));
    const notes = (item?.['m']?.L ?? []).map(({ B }) => readNote(B));
    if (notes.length >= count) return notes;
    await context.table.world.sleep(backoffMs(attempt, context.table.world.fraction(), SETTLE));
  }
  throw new IndexDamagedError(`${partitionKey(tenant, ref)} time index ${level}/${bucket}`);
};

/** The base offset of the first entry that reaches the timestamp, among those that hold a record at or behind `from`. */
const inEntries = (
  baseOffset: number,
  entries: readonly IndexEntry[],
  from: number,
  timestamp: number,
): number | undefined => {
  let base = baseOffset;
  for (const { count, maxTimestamp } of entries) {
    if (base + count > from && maxTimestamp >= timestamp) return base;
    base += count;
  }
  return undefined;
};

const inLaterSegments = async (search: Search, first: number, segments: number): Promise<number | undefined> => {
  const { context, tenant, ref, timestamp } = search;
  const peaks = async (level: number, bucket: number, count: number): Promise<number[]> =>
    (await readBucket(search, level, bucket, count)).map(({ peak }) => peak);
  const ordinal = await findPeak(peaks, first, segments, timestamp);
  if (ordinal === undefined) return undefined;
  const place = ordinal % FAN_OUT;
  const notes = await readBucket(search, 1, Math.floor(ordinal / FAN_OUT), place + 1);
  const item = await context.table.get(segmentKey(tenant, ref, notes[place]!.endOffset));
  const segment = item === undefined ? undefined : readSegment(item);
  const found = segment && inEntries(segment.baseOffset, segment.entries, 0, timestamp);
  if (found === undefined) throw new IndexDamagedError(`${partitionKey(tenant, ref)} time index, segment ${ordinal}`);
  return found;
};

/** The port's `findTimestamp`. The first segment may be partly trimmed, so its entries are looked at one by one. */
export const findTimestamp = async (
  context: OffsetContext,
  tenant: TenantId,
  ref: PartitionRef,
  timestamp: number,
): Promise<number | undefined> => {
  const seen = await readHead(context, tenant, ref);
  const view = seen && (await viewLog(context, tenant, ref, seen.logStartOffset, 1));
  if (view === undefined) return undefined;
  const { found, segments } = view;
  const { logStartOffset, baseOffset, nextOffset, tail } = found.head;
  const [first] = segments;
  if (first !== undefined && logStartOffset < baseOffset) {
    const search = { context, tenant, ref, timestamp };
    const sealed =
      inEntries(first.baseOffset, first.entries, logStartOffset, timestamp) ??
      (await inLaterSegments(search, first.ordinal + 1, found.sealed.segments));
    if (sealed !== undefined) return sealed;
  }
  return inEntries(baseOffset, tail, logStartOffset, timestamp) ?? nextOffset;
};
