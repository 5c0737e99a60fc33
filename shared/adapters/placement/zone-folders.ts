import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createDirectoryZone, syncDirectory } from './directory-zone.ts';
import type { Zone } from './zone.ts';

export interface ZoneFolders {
  /** None where the folder has one zone only: then everything is in the journal. */
  readonly zones: readonly Zone[];
  /** Folders that should be there and are not: lost zones. */
  readonly missing: readonly string[];
}

/** Why the zones of a data folder do not open: one clear line for the operator. */
export class ZoneFoldersError extends Error {}

/** How many zones the data folder has had so far. */
const RECORD = 'ZONES';

const recordedZones = (root: string): number => {
  const record = join(root, RECORD);
  if (!existsSync(record)) return 1;
  const text = readFileSync(record, 'utf8').trim();
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new ZoneFoldersError(`The data folder ${root} is damaged: its ${RECORD} file does not hold a number.`);
};

/** Durable when it resolves. */
const recordZones = async (root: string, zones: number): Promise<void> => {
  const unfinished = join(root, `${RECORD}.new`);
  const file = await open(unfinished, 'w', 0o600);
  try {
    await file.writeFile(`${zones}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, join(root, RECORD));
  await syncDirectory(root);
};

const makeNew = async (folder: string): Promise<void> => {
  await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    // Made just before a crash.
    if (error.code !== 'EEXIST') throw error;
  });
};

/**
 * The zones of a data folder: `zone-1`, `zone-2`, … in it, or mount points and links in their places. New ones are made; one that was
 * there once and is gone is a lost zone and is not made anew, for it may come back with what it holds.
 * @param wanted Left out: as many as there were.
 * @throws {ZoneFoldersError} when there were more: their batches could not be found any more.
 */
export const openZoneFolders = async (root: string, wanted: number | undefined): Promise<ZoneFolders> => {
  const recorded = recordedZones(root);
  const count = wanted ?? recorded;
  if (count < recorded)
    throw new ZoneFoldersError(`The data folder ${root} has ${recorded} zones, which is more than ${count}.`);
  if (count === 1) return { zones: [], missing: [] };
  const folders = Array.from({ length: count }, (_, at) => join(root, `zone-${at + 1}`));
  if (count > recorded) {
    for (const folder of folders.slice(recorded === 1 ? 0 : recorded)) await makeNew(folder);
    await recordZones(root, count);
  }
  return { zones: folders.map(createDirectoryZone), missing: folders.filter((folder) => !existsSync(folder)) };
};
