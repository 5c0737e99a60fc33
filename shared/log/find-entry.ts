import type { TenantId } from '../contract/ids.ts';
import type { Head, IndexEntry, OffsetStore, PartitionRef } from '../ports/offset-store.ts';

const PAGE = 256;

export type Found = { readonly kind: 'at'; readonly baseOffset: number } | { readonly kind: 'absent' | 'trimmed' };

/**
 * Looks for a commit's entry in everything that was committed since `fromOffset`: first the sealed segments, then the tail of
 * `head`. The head must come from the bump of the fence, else `absent` proves nothing.
 */
export async function findEntry(
  ports: { readonly offsets: Pick<OffsetStore, 'readIndex'> },
  tenant: TenantId,
  ref: PartitionRef,
  head: Head,
  entry: IndexEntry,
  fromOffset: number,
): Promise<Found> {
  const inTail = offsetIn(head.baseOffset, head.tail, entry);
  if (inTail !== undefined) return { kind: 'at', baseOffset: inTail };
  let offset = Math.max(fromOffset, head.logStartOffset);
  while (offset < head.baseOffset) {
    const page = await ports.offsets.readIndex(tenant, ref, offset, PAGE);
    // The log start has passed what was still to be looked at.
    if (page !== undefined && page.logStartOffset > offset) return { kind: 'trimmed' };
    if (page === undefined || page.entries.length === 0) break;
    const found = offsetIn(page.baseOffset, page.entries, entry);
    if (found !== undefined) return { kind: 'at', baseOffset: found };
    offset = page.baseOffset + page.entries.reduce((sum, { count }) => sum + count, 0);
  }
  return { kind: head.logStartOffset > fromOffset ? 'trimmed' : 'absent' };
}

function offsetIn(baseOffset: number, entries: readonly IndexEntry[], wanted: IndexEntry): number | undefined {
  let offset = baseOffset;
  for (const entry of entries) {
    if (entry.blob.id === wanted.blob.id && entry.position === wanted.position) return offset;
    offset += entry.count;
  }
  return undefined;
}
