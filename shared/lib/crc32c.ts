/** Castagnoli's polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78;
const SLICES = 8;

/** `TABLES[256 * n + b]` is what the byte `b` does to the register when `n` more bytes follow it. */
const TABLES = buildTables();

function buildTables(): Int32Array {
  const tables = new Int32Array(256 * SLICES);
  for (let byte = 0; byte < 256; byte++) {
    let register = byte;
    for (let bit = 0; bit < 8; bit++) register = (register >>> 1) ^ (register & 1 ? POLYNOMIAL : 0);
    tables[byte] = register;
  }
  for (let at = 256; at < tables.length; at++) {
    const before = tables[at - 256]!;
    tables[at] = (before >>> 8) ^ tables[before & 0xff]!;
  }
  return tables;
}

/**
 * CRC-32C (Castagnoli) of `bytes[start, end)`, as an unsigned 32-bit number. Chainable: the `seed` is the sum of what came before.
 * Source: slicing-by-8, Kounavis and Berry, "A Systematic Approach to Building High Performance Software-Based CRC Generators".
 */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length, seed = 0): number {
  const t = TABLES;
  let register = ~seed;
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
  return ~register >>> 0;
}
