import type { TenantId } from '../../contract/ids.ts';
import {
  type BlobRef,
  type BlobSlice,
  type BlobStore,
  BlobUnreadableError,
  type PutOptions,
} from '../../ports/blob-store.ts';
import type { Random } from '../../ports/random.ts';
import { bytesValue } from './head-item.ts';
import { endOf } from './inline-blob-keeping.ts';
import { inlineBlobKey } from './keys.ts';
import { type Consistency, type Item, type Key, Table, type TableOptions } from './table.ts';
import { TTL_ATTRIBUTE } from './table-definition.ts';
import { untilAnswered } from './write-again.ts';

/** An item is at most 400 KB, its key and the names of its attributes included. */
export const INLINE_BYTES = 400 * 1024 - 512;

export interface InlineBlobOptions extends TableOptions {
  readonly random: Pick<Random, 'fraction' | 'uuid'>;
}

const cut = (tenant: TenantId, item: Item | undefined, { blob, position, length }: BlobSlice): Uint8Array => {
  const stored = item?.['d']?.B;
  const isInside = position >= 0 && length >= 0 && position + length <= (stored?.length ?? -1);
  if (stored === undefined || !isInside)
    throw new BlobUnreadableError(`inline blob ${tenant}/${blob.id} ${position}+${length}`);
  return stored.subarray(position, position + length);
};

/** Small blobs as items: `d` the bytes, `ttl` their end. One write to store one, one `BatchGetItem` to read up to a hundred. */
export const createInlineBlobStore = (options: InlineBlobOptions): BlobStore => {
  const { random, clock } = options;
  const table = new Table(options);

  const put = async (tenant: TenantId, parts: readonly Uint8Array[], { keepMs }: PutOptions = {}): Promise<BlobRef> => {
    const bytes = Buffer.concat(parts);
    if (bytes.length > INLINE_BYTES) throw new RangeError(`A blob of ${bytes.length} bytes does not fit an item.`);
    const blob: BlobRef = { kind: 'inline', id: random.uuid(), zones: 0 };
    const ttl = keepMs === undefined ? {} : { [TTL_ATTRIBUTE]: endOf(clock.now(), keepMs) };
    const item: Item = { ...inlineBlobKey(tenant, blob.id), d: bytesValue(bytes), ...ttl };
    // The same bytes under a name of their own: sent twice they are stored once.
    await untilAnswered(table, () => table.put({ Item: item }));
    return blob;
  };
  const itemsOf = async (keys: readonly Key[], consistency: Consistency): Promise<(Item | undefined)[]> =>
    keys.length === 1 ? [await table.get(keys[0]!, consistency)] : table.getMany(keys, consistency);

  /** A blob never changes, so an older copy is as good as the newest; only one that is not there yet is asked for again. */
  const find = async (tenant: TenantId, ids: readonly string[]): Promise<Map<string, Item>> => {
    const found = new Map<string, Item>();
    for (const consistency of ['eventual', 'strong'] as const) {
      const keys = ids.map((id) => inlineBlobKey(tenant, id)).filter((key) => !found.has(key.pk.S));
      if (keys.length === 0) break;
      for (const item of await itemsOf(keys, consistency)) if (item !== undefined) found.set(item['pk']!.S!, item);
    }
    return found;
  };
  const read = async (tenant: TenantId, slices: readonly BlobSlice[]): Promise<Uint8Array[]> => {
    const found = await find(tenant, [...new Set(slices.map(({ blob }) => blob.id))]);
    return slices.map((slice) => cut(tenant, found.get(inlineBlobKey(tenant, slice.blob.id).pk.S), slice));
  };
  return {
    put,
    read,
    delete: (tenant, blob) => untilAnswered(table, () => table.delete({ Key: { ...inlineBlobKey(tenant, blob.id) } })),
  };
};
