import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { DataFolder } from './data-folder.ts';
import { DataFolderError } from './data-folder-error.ts';
import { syncFolder, writeDurably } from './durable-write.ts';

/**
 * LMDB checks nothing of its own structure: a changed byte can make it miss a key, or crash. So an orderly close leaves the checksum of
 * the whole file, and the next opening compares. A larger file is not read for this, so that opening stays fast.
 */
const MAX_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
const NAME = 'data.mdb.crc';

/** Call it when nobody has the index open. */
export const writeIndexChecksum = ({ index }: DataFolder): void => {
  const checksum = checksumOf(path.join(index, 'data.mdb'));
  if (checksum !== undefined) writeDurably(index, NAME, checksum);
};

/** @throws {DataFolderError} when the index is not as an orderly close left it. */
export const checkIndexChecksum = ({ root, index }: DataFolder): void => {
  const file = path.join(index, NAME);
  if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') === checksumOf(path.join(index, 'data.mdb'))) return;
  const what = 'index/data.mdb is not as it was stored when the folder was closed';
  const remedy = `nothing was changed; to open it all the same, remove index/${NAME}`;
  throw new DataFolderError('damaged', `The data folder ${root} is damaged: ${what} (${remedy}).`);
};

/** Before the first write: from now on the checksum says nothing. */
export const dropIndexChecksum = ({ index }: DataFolder): void => {
  const file = path.join(index, NAME);
  if (!fs.existsSync(file)) return;
  fs.unlinkSync(file);
  syncFolder(index);
};

const checksumOf = (file: string): string | undefined => {
  const descriptor = fs.openSync(file, 'r');
  try {
    const { size } = fs.fstatSync(descriptor);
    return size > MAX_BYTES ? undefined : `${size} ${crcOf(descriptor)}\n`;
  } finally {
    fs.closeSync(descriptor);
  }
};

const crcOf = (descriptor: number): number => {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let crc = 0;
  for (;;) {
    const bytes = fs.readSync(descriptor, chunk);
    if (bytes === 0) return crc;
    crc = crc32(chunk.subarray(0, bytes), crc);
  }
};
