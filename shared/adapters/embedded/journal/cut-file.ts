import type { Files } from '../files/files.ts';
import { journalFilePath } from './journal-position.ts';

/** Cuts a journal file back to `length` bytes; to nothing: removes it. Resolves when that is on the disk. */
export const cutFile = async (files: Files, folder: string, number: number, length: number): Promise<void> => {
  const path = journalFilePath(folder, number);
  const file = await files.open(path, 'write');
  try {
    await file.truncate(length);
    await file.sync();
  } finally {
    await file.close();
  }
  if (length > 0) return;
  await files.remove(path);
  await files.syncFolder(folder);
};
