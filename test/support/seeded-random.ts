import { onTestFailed } from 'vitest';
import type { Random } from '../../shared/ports/random.ts';

/** Mulberry32 (Tommy Ettinger): 32 bits of state, plenty for a test. */
const mulberry32 = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A version 7 UUID whose time is a counter, so that one seed gives the same ids at every run, and in rising order. */
const uuidOf = (count: number, bytes: Uint8Array): string => {
  const time = count.toString(16).padStart(12, '0');
  const hex = Buffer.from(bytes).toString('hex');
  const variant = '89ab'[bytes[2]! & 3]!;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(5, 8)}-${hex.slice(8, 20)}`;
};

/** The same numbers for the same seed. Made inside a test, it prints the seed when that test fails. */
export const createSeededRandom = (seed = 20_251_009): Random => {
  const fraction = mulberry32(seed);
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(fraction() * 256));
  let count = 0x0199_0000_0000;
  try {
    onTestFailed(() => console.error(`random seed: ${seed}`));
  } catch {
    // Made outside of a test: whoever made it knows the seed.
  }
  return {
    fraction,
    bytes,
    uuid: () => {
      count += 1;
      return uuidOf(count, bytes(10));
    },
  };
};
