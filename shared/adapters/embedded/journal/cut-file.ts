import type { Files, OpenFile } from '../files/files.ts';
import { journalFilePath } from './journal-position.ts';

/** Cuts a journal file back to `length` bytes; to nothing: removes it. Resolves when that is on the disk; may be tried again when it fails. */
export const cutFile = async (files: Files, folder: string, number: number, length: number): Promise<void> => {
  const path = journalFilePath(folder, number);
  const file = await files.open(path, 'write').catch((error) => unlessRemoved(error, length));
  if (file !== undefined) await truncate(file, length);
  if (length > 0) return;
  if (file !== undefined) await files.remove(path);
  await files.syncFolder(folder);
};

/** An attempt before this one came as far as removing it. */
const unlessRemoved = (error: NodeJS.ErrnoException, length: number): undefined => {
  if (error.code !== 'ENOENT' || length > 0) throw error;
};

const truncate = async (file: OpenFile, length: number): Promise<void> => {
  try {
    await file.truncate(length);
    await file.sync();
  } finally {
    await file.close();
  }
};
