import { loadNativeCrc, type NativeCrc } from './crc-native.ts';
import { crc32cTables } from './crc32c-tables.ts';
import { BLOCK_BYTES, loadUpdateBlocks, type UpdateBlocks } from './crc32c-wasm.ts';

const SLICES = 8;
const TABLES = crc32cTables(SLICES);
/** Below this, the way out of JavaScript costs more than it saves. */
const FEW_BYTES = 256;

/** CRC-32C of `bytes[start, end)`, as an unsigned 32-bit number; `seed` is the sum of what came before. */
export type Crc32c = (bytes: Uint8Array, start?: number, end?: number, seed?: number) => number;

/** By the fastest of the ways that there are here. */
export const createCrc32c = (native: NativeCrc | undefined, updateBlocks: UpdateBlocks | undefined): Crc32c => {
  return (bytes, start = 0, end = bytes.length, seed = 0) => {
    if (end - start >= FEW_BYTES) {
      if (native !== undefined)
        return native(new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start), seed);
      if (updateBlocks !== undefined) {
        const wholeEnd = end - ((end - start) % BLOCK_BYTES);
        return ~update(updateBlocks(~seed, bytes, start, wholeEnd), bytes, wholeEnd, end) >>> 0;
      }
    }
    return ~update(~seed, bytes, start, end) >>> 0;
  };
};

const native = loadNativeCrc()?.crc32c;

/**
 * CRC-32C (Castagnoli). Source: slicing-by-8 and -16, Kounavis and Berry, "A Systematic Approach to Building High Performance
 * Software-Based CRC Generators".
 */
export const crc32c = createCrc32c(native, native === undefined ? loadUpdateBlocks() : undefined);

function update(before: number, bytes: Uint8Array, start: number, end: number): number {
  const t = TABLES;
  let register = before;
  let at = start;
  for (const last = end - SLICES; at <= last; at += SLICES) {
    register ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    register =
      t[1792 + (register & 0xff)]! ^
      t[1536 + ((register >>> 8) & 0xff)]! ^
      t[1280 + ((register >>> 16) & 0xff)]! ^
      t[1024 + (register >>> 24)]! ^
      t[768 + bytes[at + 4]!]! ^
      t[512 + bytes[at + 5]!]! ^
      t[256 + bytes[at + 6]!]! ^
      t[bytes[at + 7]!]!;
  }
  for (; at < end; at++) register = (register >>> 8) ^ t[(register ^ bytes[at]!) & 0xff]!;
  return register;
}
