import type { TenantId } from '../../contract/ids.ts';
import type { Head, PartitionRef } from '../../ports/offset-store.ts';
import type { OffsetContext } from './commit.ts';
import { headKey, partitionKey } from './keys.ts';

export const readHead = async ({ table, memory }: OffsetContext, tenant: TenantId, ref: PartitionRef) =>
  memory.decodeHead(await table.get(headKey(tenant, ref)));

/** One `GetItem` for one partition, else one `BatchGetItem` for each hundred. */
export const readHeads = async (
  context: OffsetContext,
  tenant: TenantId,
  refs: readonly PartitionRef[],
): Promise<(Head | undefined)[]> => {
  const places = refs.map((ref) => partitionKey(tenant, ref));
  const wanted = new Map(refs.map((ref, at) => [places[at]!, ref]));
  if (wanted.size === 1) {
    const head = await readHead(context, tenant, refs[0]!);
    return refs.map(() => head);
  }
  const items = await context.table.getMany([...wanted.values()].map((ref) => headKey(tenant, ref)));
  const heads = new Map(items.map((item) => [item['pk']?.S, context.memory.decodeHead(item)]));
  return places.map((place) => heads.get(place));
};
