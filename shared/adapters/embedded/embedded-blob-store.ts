import type { TenantId } from '../../contract/ids.ts';
import type { BlobRef, BlobStore } from '../../ports/blob-store.ts';
import { BlobUnreadableError } from '../../ports/blob-store.ts';
import { deletionName } from './index/dirt.ts';
import type { IndexState } from './index/index-state.ts';
import { deletionKey } from './index/keys.ts';
import { perform } from './index/writable-index.ts';
import { decodeBlobId } from './journal/blob-id.ts';
import type { BlobReader } from './journal/blob-reader.ts';
import type { GroupQueue } from './journal/group-queue.ts';

interface Parts {
  readonly queue: GroupQueue;
  readonly reader: BlobReader;
  readonly state: IndexState;
}

const isDeleted = (state: IndexState, tenant: TenantId, { id }: BlobRef): boolean =>
  state.unsaved((dirt) => dirt.deletions.get(deletionName(tenant, id))) !== undefined ||
  state.tables.get('deletions', deletionKey(tenant, id)) !== undefined;

/**
 * Blobs are written into the journal, before the commits that name them, and read from there. `put` takes the parts as they are and
 * resolves at once: a commit that is submitted later stands behind the blob in the journal, so it cannot be durable without it.
 */
export const createEmbeddedBlobStore = ({ queue, reader, state }: Parts): BlobStore => ({
  put: async (tenant, parts, options) => queue.put(tenant, parts, options?.release),
  read: async (tenant, slices, allocate) => {
    for (const { blob } of slices) {
      if (blob.kind !== 'journal') continue;
      if (isDeleted(state, tenant, blob)) throw new BlobUnreadableError(`deleted blob ${blob.id}`);
      await queue.settled(decodeBlobId(blob.id));
    }
    return await reader.read(tenant, slices, allocate);
  },
  delete: async (tenant, blob) => {
    if (blob.kind !== 'journal' || isDeleted(state, tenant, blob)) return;
    await queue.submit((index) => perform(index, [{ kind: 'delete', tenant, id: blob.id }]));
  },
});
