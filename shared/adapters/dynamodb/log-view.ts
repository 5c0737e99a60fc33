import type { TenantId } from '../../contract/ids.ts';
import { backoffMs } from '../../lib/backoff.ts';
import { IndexDamagedError, type PartitionRef } from '../../ports/offset-store.ts';
import type { OffsetContext } from './commit.ts';
import type { HeadItem } from './head-item.ts';
import { HEAD_SORT_KEY, headKey, partitionKey, segmentSortKey } from './keys.ts';
import { readSegment, type StoredSegment } from './segment-item.ts';

/** Part of a partition's index as it was read: segments that follow each other, and the head. */
export interface LogView {
  readonly found: HeadItem;
  /** The first holds the offset that was asked for; empty where that is in the tail, or nowhere. */
  readonly segments: readonly StoredSegment[];
}

/*
 * Segments are sorted by the offset behind their last record and the head stands behind all of them, so one `Query` in rising order
 * gives the segment that holds an offset, those behind it and, unless there are more of them than asked for, the head. Only for
 * older data is the head, with the log's two ends, one read more: no order of keys has it beside every segment.
 *
 * A `Query` sees each item as it was committed, but not all of them at one moment. Between the two writes of a seal it can find the
 * head already cut and the segment not yet there. Then it is asked again.
 */
const SETTLE_ATTEMPTS = 6;
const SETTLE = { baseMs: 5, maxMs: 80 };

const query = async ({ table, memory }: OffsetContext, place: string, offset: number, limit: number) => {
  const { items } = await table.query({
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':pk': { S: place },
      // The lowest key that is greater than the offset's own.
      ':from': { S: segmentSortKey(offset + 1) },
      ':to': { S: HEAD_SORT_KEY },
    },
    Limit: limit,
  });
  const last = items.at(-1);
  const hasHead = last?.['sk']?.S === HEAD_SORT_KEY;
  const segments = (hasHead ? items.slice(0, -1) : items).map(readSegment);
  return { segments, found: hasHead ? memory.decode(last) : undefined, hasHead };
};

const followEachOther = (segments: readonly StoredSegment[]): boolean =>
  segments.every((segment, at) => at === 0 || segment.baseOffset === segments[at - 1]!.endOffset);

/** Whether the segments and the head tell of all offsets from `offset` on. */
const isWhole = ({ found: { head }, segments }: LogView, offset: number): boolean => {
  if (offset < head.logStartOffset || offset >= head.baseOffset) return true;
  return segments.length > 0 && segments[0]!.baseOffset <= offset && followEachOther(segments);
};

/**
 * The segment that holds `offset`, up to `segments` of them, and the head; undefined where there is no such partition.
 * @throws {IndexDamagedError} rather than leave a gap.
 */
export const viewLog = async (
  context: OffsetContext,
  tenant: TenantId,
  ref: PartitionRef,
  offset: number,
  segments: number,
): Promise<LogView | undefined> => {
  const place = partitionKey(tenant, ref);
  for (let attempt = 1; attempt <= SETTLE_ATTEMPTS; attempt += 1) {
    const read = await query(context, place, offset, segments + 1);
    const found = read.hasHead ? read.found : context.memory.decode(await context.table.get(headKey(tenant, ref)));
    if (found === undefined) return undefined;
    const view = { found, segments: read.segments };
    if (isWhole(view, offset)) return view;
    await context.table.world.sleep(backoffMs(attempt, context.table.world.fraction(), SETTLE));
  }
  throw new IndexDamagedError(`${place} offset ${offset}`);
};
