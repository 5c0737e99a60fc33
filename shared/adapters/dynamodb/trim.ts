import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { TenantId } from '../../contract/ids.ts';
import type { Head, IndexEntry, PartitionRef } from '../../ports/offset-store.ts';
import type { OffsetContext } from './commit.ts';
import { bytesOf } from './encoding/segment-codec.ts';
import { numberOf } from './head-item.ts';
import { headKey } from './keys.ts';
import { type LogView, viewLog } from './log-view.ts';
import { readHead } from './read-heads.ts';
import { untilAnswered } from './write-again.ts';

/** Bytes of the entries that lie wholly before `offset`, out of entries that follow each other from `baseOffset`. */
const bytesUpTo = (baseOffset: number, entries: readonly IndexEntry[], offset: number): number => {
  let end = baseOffset;
  return bytesOf(
    entries.filter(({ count }) => {
      end += count;
      return end <= offset;
    }),
  );
};

/** Of the whole log before `offset`, trimmed entries too: counted from its beginning, so that appends and seals change nothing. */
const bytesBefore = ({ found: { head, sealed }, segments: [segment] }: LogView, offset: number): number =>
  segment === undefined || offset >= head.baseOffset
    ? sealed.bytes + bytesUpTo(head.baseOffset, head.tail, offset)
    : segment.bytesBefore + bytesUpTo(segment.baseOffset, segment.entries, offset);

const moveStart = async (
  { table, memory }: OffsetContext,
  tenant: TenantId,
  ref: PartitionRef,
  offset: number,
  trimmedBytes: number,
): Promise<Head | undefined> => {
  const update = {
    Key: { ...headKey(tenant, ref) },
    UpdateExpression: 'SET s = :offset, r = :bytes',
    ConditionExpression: 'attribute_exists(f) AND s < :offset',
    ExpressionAttributeValues: { ':offset': numberOf(offset), ':bytes': numberOf(trimmedBytes) },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
  try {
    return memory.decodeHead(await untilAnswered(table, () => table.update(update)));
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return memory.decodeHead(error.Item);
    throw error;
  }
};

/**
 * The port's `trim`: the head's log start moves. Segments before it stay until they are cleared up together with their blobs; no read
 * reaches them. Setting the same start twice is setting it once, so a lost answer is simply asked for again.
 */
export const trim = async (
  context: OffsetContext,
  tenant: TenantId,
  ref: PartitionRef,
  beforeOffset: number,
): Promise<Head | undefined> => {
  const head = await readHead(context, tenant, ref);
  if (head === undefined) return undefined;
  const offset = Math.min(beforeOffset, head.nextOffset);
  if (offset <= head.logStartOffset) return head;
  const view = await viewLog(context, tenant, ref, offset, 1);
  return view && moveStart(context, tenant, ref, offset, bytesBefore(view, offset));
};
