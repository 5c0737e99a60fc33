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

/** The bytes from `position` on, `length` of them, or fewer where the file ends. */
export const readUpTo = async (file: OpenFile, position: number, length: number): Promise<Buffer> => {
  const bytes = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const read = await file.read(bytes.subarray(filled), position + filled);
    if (read === 0) {
      break;
    }
    filled += read;
  }
  return bytes.subarray(0, filled);
};
