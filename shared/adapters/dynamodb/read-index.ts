import type { TenantId } from '../../contract/ids.ts';
import { type IndexEntry, type IndexPage, type PartitionRef, SEAL } from '../../ports/offset-store.ts';
import type { OffsetContext } from './commit.ts';
import { type LogView, viewLog } from './log-view.ts';

/** Sixteen segments are about 15 KB: 4 read units, and more entries than one answer takes. */
const MOST_SEGMENTS = 16;

type Run = Pick<IndexPage, 'baseOffset' | 'entries'>;

/** Everything that follows without a gap, segment behind segment and then the tail. */
const runOf = ({ found: { head }, segments }: LogView): Run => {
  const first = segments[0];
  const entries = segments.flatMap((segment): readonly IndexEntry[] => segment.entries);
  const endOffset = segments.at(-1)?.endOffset;
  const reachesTail = endOffset === undefined || endOffset === head.baseOffset;
  return {
    baseOffset: first === undefined ? head.baseOffset : first.baseOffset,
    entries: reachesTail ? [...entries, ...head.tail] : entries,
  };
};

/** From the entry that holds `offset`, `limit` entries at most. */
const cut = ({ baseOffset, entries }: Run, offset: number, limit: number): Run => {
  let base = baseOffset;
  let first = 0;
  while (first < entries.length && base + entries[first]!.count <= offset) {
    base += entries[first]!.count;
    first += 1;
  }
  return { baseOffset: base, entries: entries.slice(first, first + limit) };
};

/** The port's `readIndex`: one `Query`, and a `GetItem` where the offset is many segments behind the tail. */
export const readIndex = async (
  context: OffsetContext,
  tenant: TenantId,
  ref: PartitionRef,
  offset: number,
  limit: number,
): Promise<IndexPage | undefined> => {
  // The offset may be anywhere in the first one.
  const wanted = Math.min(Math.ceil(limit / SEAL) + 1, MOST_SEGMENTS);
  const view = await viewLog(context, tenant, ref, offset, wanted);
  if (view === undefined) return undefined;
  const { logStartOffset, nextOffset } = view.found.head;
  const isInside = offset >= logStartOffset && offset < nextOffset;
  const run = isInside ? cut(runOf(view), offset, limit) : { baseOffset: nextOffset, entries: [] };
  return { logStartOffset, nextOffset, ...run };
};
