import type { OpenFile } from './files.ts';

/** Writes all of the parts, however often the system takes only some. */
export const writeAll = async (file: OpenFile, parts: readonly Uint8Array[], position: number): Promise<void> => {
  let left = parts.filter((part) => part.length > 0);
  let at = position;
  while (left.length > 0) {
    const written = await file.write(left, at);
    if (written <= 0) {
      throw new Error('The file takes no more bytes.');
    }
    at += written;
    left = without(left, written);
  }
};

/** The first `bytes` of the parts, or all of them. */
export const upTo = (parts: readonly Uint8Array[], bytes: number): Uint8Array[] => {
  const first: Uint8Array[] = [];
  let room = bytes;
  for (const part of parts) {
    if (room === 0) break;
    first.push(part.length <= room ? part : part.subarray(0, room));
    room -= Math.min(room, part.length);
  }
  return first;
};

const without = (parts: readonly Uint8Array[], written: number): Uint8Array[] => {
  let skip = written;
  const left: Uint8Array[] = [];
  for (const part of parts) {
    if (skip < part.length) {
      left.push(skip === 0 ? part : part.subarray(skip));
    }
    skip = Math.max(0, skip - part.length);
  }
  return left;
};

/** Fills `into` with the bytes from `position` on; answers the part that was filled, shorter where the file ends. */
export const readUpTo = async (file: OpenFile, position: number, into: Buffer): Promise<Buffer> => {
  let filled = 0;
  while (filled < into.length) {
    const read = await file.read(into.subarray(filled), position + filled);
    if (read === 0) {
      break;
    }
    filled += read;
  }
  return into.subarray(0, filled);
};
