import type { Files, OpenFile } from '../../../../../shared/adapters/embedded/files/files.ts';
import { nodeFiles } from '../../../../../shared/adapters/embedded/files/node-files.ts';

const unsynced = (file: OpenFile): OpenFile => ({
  write: (parts, position) => file.write(parts, position),
  sync: async () => undefined,
  read: (into, position) => file.read(into, position),
  truncate: (length) => file.truncate(length),
  size: () => file.size(),
  close: () => file.close(),
});

/** Real files without the wait for the disk, for tests in which nobody is killed. */
export const unsyncedFiles: Files = {
  ...nodeFiles,
  open: async (path, how) => unsynced(await nodeFiles.open(path, how)),
  syncFolder: async () => undefined,
};
