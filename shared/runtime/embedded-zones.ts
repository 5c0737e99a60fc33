import { decodeBlobId } from '../adapters/embedded/journal/blob-id.ts';
import { createZonalBlobStore } from '../adapters/placement/zonal-blob-store.ts';
import { openZoneFolders, ZoneFoldersError } from '../adapters/placement/zone-folders.ts';
import { createZonedBlobStore } from '../adapters/placement/zoned-blob-store.ts';
import type { BlobRepair } from '../ports/blob-repair.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { Deployment } from '../ports/deployment.ts';
import type { Log } from '../ports/log.ts';
import { majority } from '../tenancy/topic-settings.ts';
import { StartError } from './start-error.ts';
import { systemClock } from './system-clock.ts';
import { systemRandom } from './system-random.ts';

const MOST_COPIES = 3;

export interface EmbeddedBlobs {
  readonly blobs: BlobStore;
  readonly repairs: BlobRepair;
  readonly deployment: Deployment;
}

export interface ZoneSettings {
  readonly dataFolder: string;
  /** Left out: as many as the folder has. */
  readonly zones: number | undefined;
}

/** One zone: the journal itself, and nothing in its way. */
const onlyJournal = (journal: BlobStore): EmbeddedBlobs => ({
  blobs: journal,
  repairs: { repair: async () => undefined },
  deployment: { zones: 1, replicationFactor: 1 },
});

const openFolders = async ({ dataFolder, zones }: ZoneSettings) => {
  try {
    return await openZoneFolders(dataFolder, zones);
  } catch (error) {
    const message =
      error instanceof ZoneFoldersError ? error.message : `The zones of ${dataFolder} do not open: ${error}.`;
    throw new StartError(message, { cause: error });
  }
};

/** The batches of an open data folder: in its journal, and in the folders of its zones where it has some. @throws {StartError} */
export const openZones = async (journal: BlobStore, settings: ZoneSettings, log: Log): Promise<EmbeddedBlobs> => {
  const { zones, missing } = await openFolders(settings);
  if (zones.length === 0) return onlyJournal(journal);
  for (const folder of missing) log.write('warn', 'zone lost', { folder });
  const replicationFactor = Math.min(zones.length, MOST_COPIES);
  const replication = { copies: replicationFactor, quorum: majority(replicationFactor) };
  const onFailing = (zone: string, error: unknown): void => log.write('error', 'zone failing', { zone, error });
  const zonal = createZonalBlobStore({ zones, clock: systemClock, random: systemRandom, replication, onFailing });
  const lengthOf = ({ id }: { readonly id: string }) => decodeBlobId(id).length;
  const store = createZonedBlobStore({ journal, zonal, lengthOf });
  return { blobs: store, repairs: store, deployment: { zones: zones.length, replicationFactor } };
};
