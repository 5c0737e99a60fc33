import type { TenantId } from '../../shared/contract/ids.ts';
import {
  type Head,
  type IndexEntry,
  type OffsetStore,
  type PartitionRef,
  SEAL,
} from '../../shared/ports/offset-store.ts';
import { ACME, headOf } from './index-fixtures.ts';

/** Seals the first `SEAL` entries of the tail that the writer saw, as the protocol tells it. */
export const sealFirst = (
  store: OffsetStore,
  ref: PartitionRef,
  head: Head,
  tenant: TenantId = ACME,
): Promise<'sealed' | 'conflict'> => store.seal(tenant, ref, head.baseOffset, head.tail.slice(0, SEAL));

/** Commits one entry on the head that the writer saw last: learns a new fence from a refusal, seals when it is due. */
const commitOn = async (
  store: OffsetStore,
  ref: PartitionRef,
  entry: IndexEntry,
  seen: Head,
  tenant: TenantId,
): Promise<{ readonly baseOffset: number; readonly head: Head }> => {
  let head = seen;
  for (;;) {
    const append = { partition: ref.partition, entry, fence: head.fence };
    const outcome = await store.commit(tenant, ref.topicId, append);
    if (outcome.kind === 'gone') throw new Error('The partition is gone.');
    head = outcome.head;
    if (head.tail.length % SEAL === 0 && head.tail.length > 0) await sealFirst(store, ref, head, tenant);
    if (outcome.kind === 'committed') return { baseOffset: outcome.baseOffset, head };
  }
};

/** Commits one entry as a writer of the protocol does. Answers the base offset. */
export const writeEntry = async (
  store: OffsetStore,
  ref: PartitionRef,
  entry: IndexEntry,
  tenant: TenantId = ACME,
): Promise<number> => (await commitOn(store, ref, entry, await headOf(store, ref, tenant), tenant)).baseOffset;

/** One after the other, the head read once, as a writer keeps it; answers their base offsets. */
export const writeEntries = async (
  store: OffsetStore,
  ref: PartitionRef,
  entries: readonly IndexEntry[],
  tenant: TenantId = ACME,
): Promise<number[]> => {
  let head = await headOf(store, ref, tenant);
  const bases: number[] = [];
  for (const entry of entries) {
    const written = await commitOn(store, ref, entry, head, tenant);
    bases.push(written.baseOffset);
    head = written.head;
  }
  return bases;
};
