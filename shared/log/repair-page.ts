import type { TenantId } from '../contract/ids.ts';
import { sideBySide } from '../lib/side-by-side.ts';
import type { BlobRepair } from '../ports/blob-repair.ts';
import { type BlobRef, BlobUnreadableError } from '../ports/blob-store.ts';
import type { PartitionRef } from '../ports/offset-store.ts';
import type { Ports } from '../ports/ports.ts';

export type RepairPorts = Pick<Ports, 'offsets'> & { readonly repairs: BlobRepair };

/** What a repair has found so far, in batches as they are stored: those of one request, or of one flush. */
export interface RepairTally {
  checked: number;
  /** Copies that were made. */
  copied: number;
  /** Batches that still have too few, because a zone does not take them. */
  short: number;
  /** Batches that no zone that answers holds. */
  unreadable: number;
  /** A batch may hold records of many partitions, and is looked at once. */
  readonly seen: Set<string>;
}

export interface RepairPage {
  readonly tenant: TenantId;
  readonly ref: PartitionRef;
  readonly offset: number;
  readonly copies: number;
}

/** Few enough to be done in a second or two. */
const ENTRIES = 64;
const AT_ONCE = 8;

/** Brings the batches of some index entries up to their copies; answers the offset to go on at, undefined at the high watermark. */
export async function repairPage(
  ports: RepairPorts,
  tally: RepairTally,
  { tenant, ref, offset, copies }: RepairPage,
): Promise<number | undefined> {
  const page = await ports.offsets.readIndex(tenant, ref, offset, ENTRIES);
  if (page === undefined || offset >= page.nextOffset) return undefined;
  if (offset < page.logStartOffset) return page.logStartOffset;
  const blobs = page.entries.map(({ blob }) => blob).filter(({ id }) => !tally.seen.has(id));
  const unique = new Map(blobs.map((blob) => [blob.id, blob]));
  await sideBySide([...unique.values()], AT_ONCE, (blob) => repairOne(ports, tally, tenant, blob, copies));
  return page.entries.reduce((end, { count }) => end + count, page.baseOffset);
}

async function repairOne(
  { repairs }: RepairPorts,
  tally: RepairTally,
  tenant: TenantId,
  blob: BlobRef,
  copies: number,
): Promise<void> {
  tally.seen.add(blob.id);
  tally.checked++;
  try {
    const repaired = await repairs.repair(tenant, blob, copies);
    if (repaired === undefined) return;
    tally.copied += repaired.made;
    if (repaired.copies < copies) tally.short++;
  } catch (error) {
    if (!(error instanceof BlobUnreadableError)) throw error;
    tally.unreadable++;
  }
}
