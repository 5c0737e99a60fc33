import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Range, Zone } from './zone.ts';

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

/** So that a name in the directory outlives a loss of power, as the bytes do. */
export const syncDirectory = async (path: string): Promise<void> => {
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const readFrom = async (file: FileHandle, { start, length }: Range): Promise<Uint8Array> => {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
};

/** Answers undefined where there is no such file. */
const unlessMissing = async <Answer>(perform: Promise<Answer>): Promise<Answer | undefined> => {
  try {
    return await perform;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
};

/** A file that is missing together with the zone's own directory is not missing: the zone is lost. */
const checkIsThere = async (root: string): Promise<void> => {
  if ((await unlessMissing(stat(root))) === undefined) throw new Error(`The directory ${root} is gone.`);
};

/** The part of a key before its slash is a directory of its own. The zone's own directory is never made: gone, it is a lost zone. */
const openNew = async (root: string, path: string): Promise<FileHandle> => {
  const file = await unlessMissing(open(path, 'wx'));
  if (file !== undefined) return file;
  await mkdir(dirname(path)).catch((error: unknown) => {
    if (!isCode(error, 'EEXIST')) throw error;
  });
  await syncDirectory(root);
  return open(path, 'wx');
};

const writeNew = async (root: string, path: string, bytes: Uint8Array): Promise<void> => {
  const file = await openNew(root, path);
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
  await syncDirectory(dirname(path));
};

/** A directory as a zone: one file for each object, flushed to the disk before `put` resolves. */
export const createDirectoryZone = (root: string): Zone => ({
  name: root,
  put: async (key, bytes) => {
    const path = join(root, key);
    try {
      await writeNew(root, path, bytes);
    } catch (error) {
      if (!isCode(error, 'EEXIST') || (await stat(path)).size !== bytes.length) throw error;
    }
  },
  get: async (key, range) => {
    const file = await unlessMissing(open(join(root, key), 'r'));
    if (file === undefined) {
      await checkIsThere(root);
      return undefined;
    }
    try {
      return await readFrom(file, range ?? { start: 0, length: (await file.stat()).size });
    } finally {
      await file.close();
    }
  },
  size: async (key) => {
    const found = await unlessMissing(stat(join(root, key)));
    if (found === undefined) await checkIsThere(root);
    return found?.size;
  },
  delete: (key) => rm(join(root, key), { force: true }),
});
