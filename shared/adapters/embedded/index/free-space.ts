import { type StatsFs, statfsSync } from 'node:fs';
import { NotWrittenError } from '../not-written-error.ts';

type Free = Pick<StatsFs, 'bavail' | 'blocks' | 'bsize'>;

/** More than one transaction writes. */
const RESERVED_BYTES = 32 * 1024 * 1024;

/**
 * Does not let the disk run full under LMDB: where the system refuses one of its pages, LMDB (3.5, `mdb_page_flush`) writes a message
 * beyond the memory that it has for it, and may end the process.
 * @throws {NotWrittenError}
 */
export function checkFreeSpace(folder: string, statfs: (path: string) => Free = statfsSync): void {
  const { bavail, blocks, bsize } = statfs(folder);
  // Some file systems do not know.
  if (blocks === 0 || bavail * bsize >= RESERVED_BYTES) return;
  throw new NotWrittenError({ cause: new Error(`Less than ${RESERVED_BYTES} bytes are free at ${folder}.`) });
}
