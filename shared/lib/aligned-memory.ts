import { PAGE_BYTES } from './wasm-module.ts';

/** What is needed of a global that the types of Node do not have. */
interface WebAssemblyMemory {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
}

/**
 * Memory whose address is a whole number of pages of 64 KiB, as WebAssembly's is; any other of Node's begins anywhere. Undefined where
 * there is no WebAssembly (`node --jitless`), or no room for the addresses that it keeps free behind its memory (`ulimit -v`).
 */
export function alignedMemory(bytes: number): Buffer<ArrayBuffer> | undefined {
  const { WebAssembly: api } = globalThis as { WebAssembly?: WebAssemblyMemory };
  try {
    return api && Buffer.from(new api.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) }).buffer);
  } catch {
    return undefined;
  }
}
