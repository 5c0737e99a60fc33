import { createRequire } from 'node:module';

/** The sum of the bytes behind those of `seed`, by the processor's own instruction. */
export type NativeCrc32c = (bytes: Uint8Array, seed: number) => number;

/**
 * @node-rs/crc32, where it is installed: twice as fast as WebAssembly. A function in AWS does without it, for it is one file and nothing
 * for one kind of processor is in it.
 */
export const loadNativeCrc32c = (): NativeCrc32c | undefined => {
  try {
    return createRequire(import.meta.url)('@node-rs/crc32').crc32c;
  } catch {
    return undefined;
  }
};
