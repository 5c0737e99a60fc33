import { createRequire } from 'node:module';

/** The sum of the bytes behind those of `seed`. */
export type NativeCrc = (bytes: Uint8Array | string, seed?: number) => number;

/**
 * @node-rs/crc32, where it is installed: by the processor's own instructions. A function in AWS does without it, for it is one file and
 * nothing for one kind of processor is in it.
 */
export const loadNativeCrc = (): { readonly crc32: NativeCrc; readonly crc32c: NativeCrc } | undefined => {
  try {
    return createRequire(import.meta.url)('@node-rs/crc32');
  } catch {
    return undefined;
  }
};
