import { randomBytes } from 'node:crypto';
import { sha256 } from '../lib/sha256.ts';

const FRESH_MS = 60_000;

/**
 * The SHA-256 of the operator's key. Read before the first request and again, beside the requests, when it is a minute old: a key
 * that was changed takes effect without a deployment. Where it cannot be read, no key is the operator's, and tenants' keys work on.
 */
export class OperatorKeyHash {
  readonly #read: () => Promise<string>;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  /** Until something was read: of a key that nobody has. */
  #hash: Uint8Array = randomBytes(32);
  #known = false;
  #readAtMs = 0;
  #reading: Promise<void> | undefined;

  constructor(read: () => Promise<string>, now: () => number, onError: (error: unknown) => void) {
    this.#read = read;
    this.#now = now;
    this.#onError = onError;
  }

  /** Whether it has ever been read. */
  get known(): boolean {
    return this.#known;
  }

  get current(): Uint8Array {
    if (this.#now() - this.#readAtMs > FRESH_MS) void this.refresh();
    return this.#hash;
  }

  /** Never rejects. */
  refresh(): Promise<void> {
    this.#reading ??= this.#look().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #look(): Promise<void> {
    this.#readAtMs = this.#now();
    try {
      this.#hash = Buffer.from(sha256(await this.#read()), 'hex');
      this.#known = true;
    } catch (error) {
      this.#onError(error);
    }
  }
}
