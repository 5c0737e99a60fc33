import type { TenantId } from '../../contract/ids.ts';
import {
  type Allocate,
  type BlobRef,
  type BlobSlice,
  type BlobStore,
  BlobUnreadableError,
} from '../../ports/blob-store.ts';

/** Stores by the kind of blob that they hold: every kind that was ever written here, also those of which no new ones are made. */
export type StoresByKind = { readonly [Kind in BlobRef['kind']]?: BlobStore };

/** @throws {BlobUnreadableError} for a kind that this deployment has no store of. */
export const storeOfKind = (stores: StoresByKind, kind: BlobRef['kind']): BlobStore => {
  const store = stores[kind];
  if (store === undefined) throw new BlobUnreadableError(`a store of kind ${kind}, which this deployment lacks`);
  return store;
};

/** Reads each slice from the store of its blob's kind; one call a store, all at once; the answers in the order of the slices. */
export const readByKind = async (
  stores: StoresByKind,
  tenant: TenantId,
  slices: readonly BlobSlice[],
  allocate?: Allocate,
): Promise<Uint8Array[]> => {
  const found: Uint8Array[] = new Array(slices.length);
  const readKind = async (kind: BlobRef['kind']): Promise<void> => {
    const places = [...slices.keys()].filter((at) => slices[at]!.blob.kind === kind);
    const wanted = places.map((at) => slices[at]!);
    const bytes = await storeOfKind(stores, kind).read(tenant, wanted, allocate);
    for (const [index, at] of places.entries()) found[at] = bytes[index]!;
  };
  await Promise.all([...new Set(slices.map(({ blob }) => blob.kind))].map(readKind));
  return found;
};
