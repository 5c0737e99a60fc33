import type { TenantId, TopicId } from '../../shared/contract/ids.ts';
import type { Head, IndexEntry, OffsetStore, PartitionRef } from '../../shared/ports/offset-store.ts';

export const ACME = 'acme' as TenantId;
export const GLOBEX = 'globex' as TenantId;

const uuidOf = (number: number): string => `01990000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

export const topicIdOf = (number: number): TopicId => uuidOf(number) as TopicId;
export const TOPIC = topicIdOf(1);
export const refOf = (partition = 0, topicId: TopicId = TOPIC): PartitionRef => ({ topicId, partition });

let blobs = 0;

/** An entry of its own blob, so that no two are equal. */
export const entryOf = (fields: Partial<IndexEntry> = {}): IndexEntry => {
  blobs += 1;
  const blob = { kind: 'standard', id: uuidOf(0x10_0000 + blobs), zones: 0 } as const;
  return { blob, position: 0, length: 100, count: 1, maxTimestamp: 1_760_000_000_000, ...fields };
};

export const entriesOf = (howMany: number, fields: Partial<IndexEntry> = {}): IndexEntry[] =>
  Array.from({ length: howMany }, () => entryOf(fields));

/** The head of a partition that has to be there. */
export const headOf = async (store: OffsetStore, ref: PartitionRef, tenant: TenantId = ACME): Promise<Head> => {
  const head = await store.readHead(tenant, ref);
  if (head === undefined) throw new Error(`No partition ${ref.partition} of ${ref.topicId}.`);
  return head;
};

/** Every entry from the log start to the high watermark with its base offset, read page by page as a reader would. */
export const readWholeIndex = async (
  store: OffsetStore,
  ref: PartitionRef,
  tenant: TenantId = ACME,
  limit = 1000,
): Promise<[baseOffset: number, entry: IndexEntry][]> => {
  const head = await headOf(store, ref, tenant);
  const placed: [number, IndexEntry][] = [];
  for (let offset = head.logStartOffset; offset < head.nextOffset; ) {
    const page = await store.readIndex(tenant, ref, offset, limit);
    if (page === undefined || page.entries.length === 0) throw new Error(`Nothing at offset ${offset}.`);
    offset = page.baseOffset;
    for (const entry of page.entries) {
      placed.push([offset, entry]);
      offset += entry.count;
    }
  }
  return placed;
};

/** Entries with the base offsets that they have to get when they are committed one after the other. */
export const placed = (entries: readonly IndexEntry[], from = 0): [baseOffset: number, entry: IndexEntry][] => {
  let offset = from;
  return entries.map((entry) => {
    const baseOffset = offset;
    offset += entry.count;
    return [baseOffset, entry];
  });
};
