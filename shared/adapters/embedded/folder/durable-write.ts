import { renameSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';

const withFile = async (file: string, flags: string, work: (handle: FileHandle) => Promise<void>): Promise<void> => {
  const handle = await open(file, flags, 0o600);
  try {
    await work(handle);
  } finally {
    await handle.close();
  }
};

/** Makes created, renamed and removed names of a folder durable. */
export const syncFolder = (folder: string): Promise<void> => withFile(folder, 'r', (handle) => handle.sync());

/** A small file, there as a whole or not at all; durable when it resolves. `isWanted` is asked at the moment when it would appear. */
export const writeDurably = async (
  folder: string,
  name: string,
  text: string,
  isWanted: () => boolean = () => true,
): Promise<void> => {
  const unfinished = path.join(folder, `${name}.new`);
  await withFile(unfinished, 'w', async (handle) => {
    await handle.writeFile(text);
    await handle.sync();
  });
  if (!isWanted()) return;
  renameSync(unfinished, path.join(folder, name));
  await syncFolder(folder);
};
