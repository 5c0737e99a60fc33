import type { TenantId } from '../../contract/ids.ts';
import type { BlobRepair } from '../../ports/blob-repair.ts';
import { type BlobRef, type BlobSlice, type BlobStore, BlobUnreadableError } from '../../ports/blob-store.ts';
import { readByKind } from './read-by-kind.ts';
import type { ZonalBlobStore } from './zonal-blob-store.ts';

export interface ZonedOptions {
  /** Where a single copy is kept. */
  readonly journal: BlobStore;
  /** Where several are. */
  readonly zonal: ZonalBlobStore;
  /** In bytes, of a blob in the journal. */
  readonly lengthOf: (blob: BlobRef) => number;
}

const asZonal = (blob: BlobRef): BlobRef => ({ ...blob, kind: 'zonal', zones: 0 });

/**
 * One copy in the journal, several in zones. A blob of the journal may get copies in zones later, under the same id, when its topic is
 * to have more: they are read when the journal cannot be.
 */
export const createZonedBlobStore = ({ journal, zonal, lengthOf }: ZonedOptions): BlobStore & BlobRepair => {
  const readEither = async (tenant: TenantId, slice: BlobSlice): Promise<Uint8Array> => {
    try {
      return (await journal.read(tenant, [slice]))[0]!;
    } catch (error) {
      if (!(error instanceof BlobUnreadableError)) throw error;
      const [found] = await zonal.read(tenant, [{ ...slice, blob: asZonal(slice.blob) }]).catch(() => {
        throw error;
      });
      return found!;
    }
  };
  const readJournal = async (tenant: TenantId, slices: readonly BlobSlice[]): Promise<Uint8Array[]> => {
    try {
      return await journal.read(tenant, slices);
    } catch (error) {
      if (!(error instanceof BlobUnreadableError)) throw error;
      return Promise.all(slices.map((slice) => readEither(tenant, slice)));
    }
  };
  const stores = { journal: { ...journal, read: readJournal }, zonal };
  return {
    put: (tenant, parts, options) => (options?.replication === undefined ? journal : zonal).put(tenant, parts, options),
    read: (tenant, slices, allocate) => readByKind(stores, tenant, slices, allocate),
    delete: async (tenant, blob) => {
      if (blob.kind === 'journal') await journal.delete(tenant, blob);
      await zonal.delete(tenant, asZonal(blob));
    },
    repair: (tenant, blob, copies) => {
      if (blob.kind !== 'journal') return zonal.repair(tenant, blob, copies);
      const length = lengthOf(blob);
      const read = async () => (await journal.read(tenant, [{ blob, position: 0, length }]))[0]!;
      return zonal.adopt(tenant, blob, copies, { length, read });
    },
  };
};
