import { crc32cTables } from './crc32c-tables.ts';
import { loadUpdateBlocks } from './crc32c-wasm.ts';

const SLICES = 8;
const TABLES = crc32cTables(SLICES);
const updateBlocks = loadUpdateBlocks();
/** Below this, the way into WebAssembly costs more than it saves. */
const FEW_BYTES = 256;

/**
 * CRC-32C (Castagnoli) of `bytes[start, end)`, as an unsigned 32-bit number. Chainable: the `seed` is the sum of what came before.
 * Source: slicing-by-8 and -16, Kounavis and Berry, "A Systematic Approach to Building High Performance Software-Based CRC Generators".
 */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length, seed = 0): number {
  const register = ~seed;
  if (updateBlocks === undefined || end - start < FEW_BYTES) return ~update(register, bytes, start, end) >>> 0;
  const wholeEnd = end - ((end - start) % 16);
  return ~update(updateBlocks(register, bytes, start, wholeEnd), bytes, wholeEnd, end) >>> 0;
}

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
