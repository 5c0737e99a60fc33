import { randomUUID } from 'node:crypto';
import type { TenantId } from '../../contract/ids.ts';
import { type BlobRef, type BlobSlice, type BlobStore, BlobUnreadableError } from '../../ports/blob-store.ts';

const cut = (stored: Uint8Array | undefined, { blob, position, length }: BlobSlice): Uint8Array => {
  const inside = position >= 0 && length >= 0 && position + length <= (stored?.length ?? -1);
  if (stored === undefined || !inside) throw new BlobUnreadableError(`memory blob ${blob.id} ${position}+${length}`);
  // A copy: a reader that writes into its bytes must not change the blob.
  return stored.slice(position, position + length);
};

/** Blobs in a map; for tests. */
export const createMemoryBlobStore = (): BlobStore => {
  const blobs = new Map<string, Uint8Array>();
  const placeOf = (tenant: TenantId, blob: BlobRef): string => `${tenant}/${blob.id}`;
  return {
    put: async (tenant, parts) => {
      const blob: BlobRef = { kind: 'memory', id: randomUUID(), zones: 0 };
      blobs.set(placeOf(tenant, blob), Uint8Array.from(Buffer.concat(parts)));
      return blob;
    },
    read: async (tenant, slices) => slices.map((slice) => cut(blobs.get(placeOf(tenant, slice.blob)), slice)),
    delete: async (tenant, blob) => {
      blobs.delete(placeOf(tenant, blob));
    },
  };
};
