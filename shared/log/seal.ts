import type { TenantId } from '../contract/ids.ts';
import { type Head, type OffsetStore, type PartitionRef, SEAL } from '../ports/offset-store.ts';

/** Each tail length is seen by exactly one writer, so exactly one of them is asked to seal. */
export const sealIsDue = (head: Head): boolean => head.tail.length > 0 && head.tail.length % SEAL === 0;

/** Seals the first `SEAL` entries of the tail as it was seen. Losing the race to another sealer is as good as winning it. */
export async function sealTail(
  ports: { readonly offsets: Pick<OffsetStore, 'seal'> },
  tenant: TenantId,
  ref: PartitionRef,
  head: Head,
): Promise<void> {
  await ports.offsets.seal(tenant, ref, head.baseOffset, head.tail.slice(0, SEAL));
}
