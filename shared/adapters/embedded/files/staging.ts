import { alignedMemory } from '../../../lib/aligned-memory.ts';

const STAGING_BYTES = 4 * 1024 * 1024;

/** Aligned memory that the disk takes bytes from, used over and over. */
export class Staging {
  readonly #make: typeof alignedMemory;
  readonly #idle: Buffer<ArrayBuffer>[] = [];

  /** `make`: for tests. */
  constructor(make = alignedMemory) {
    this.#make = make;
  }

  /** Undefined where there is none. */
  take(): Buffer<ArrayBuffer> | undefined {
    return this.#idle.pop() ?? this.#make(STAGING_BYTES);
  }

  give(memory: Buffer<ArrayBuffer>): void {
    this.#idle.push(memory);
  }
}
