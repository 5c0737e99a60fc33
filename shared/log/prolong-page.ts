import type { TenantId } from '../contract/ids.ts';
import { sideBySide } from '../lib/side-by-side.ts';
import type { BlobKeeping } from '../ports/blob-keeping.ts';
import type { PartitionRef } from '../ports/offset-store.ts';
import type { Ports } from '../ports/ports.ts';
import { storedAtOf } from './entry-age.ts';

export type ProlongPorts = Pick<Ports, 'offsets'> & { readonly keeping: BlobKeeping };

export interface ProlongPage {
  readonly tenant: TenantId;
  readonly ref: PartitionRef;
  readonly offset: number;
  /** Undefined: until they are deleted. */
  readonly keepMs: number | undefined;
  /** What was stored later knows it already; milliseconds since the epoch. */
  readonly storedBefore: number;
}

const ENTRIES = 64;
const AT_ONCE = 8;

/** Has the batches of some index entries kept for longer; answers the offset to go on at, undefined at the end. */
export async function prolongPage(
  { offsets, keeping }: ProlongPorts,
  { tenant, ref, offset, keepMs, storedBefore }: ProlongPage,
): Promise<number | undefined> {
  const page = await offsets.readIndex(tenant, ref, offset, ENTRIES);
  if (page === undefined || offset >= page.nextOffset) return undefined;
  if (offset < page.logStartOffset) return page.logStartOffset;
  const old = page.entries.filter((entry) => (storedAtOf(entry) ?? 0) < storedBefore);
  // A batch may hold records of several entries.
  const blobs = new Map(old.map(({ blob }) => [blob.id, blob]));
  await sideBySide([...blobs.values()], AT_ONCE, (blob) => keeping.keepLonger(tenant, blob, keepMs));
  // A commit may come late, so that an older batch stands behind a newer one; not behind a whole page of them.
  if (old.length === 0) return undefined;
  return page.entries.reduce((end, { count }) => end + count, page.baseOffset);
}
