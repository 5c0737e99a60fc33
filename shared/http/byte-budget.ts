import { ChasquiError } from '../contract/errors.ts';

/**
 * Bounds what the bodies of all requests under way, or of all answers, hold together. Only bytes that are there count: a client that
 * declares much and sends little holds up nobody.
 */
export class ByteBudget {
  #left: number;
  readonly #mostOfOne: number;
  /** By owner: what its leases hold. */
  readonly #owned = new Map<string, number>();

  /** @param mostOfOne What the leases of one owner may hold together, so that it cannot keep out all the others. */
  constructor(bytes: number, mostOfOne = bytes) {
    this.#left = bytes;
    this.#mostOfOne = mostOfOne;
  }

  /** A request's part of the budget, empty at first. The owner is its tenant, or whoever has none. */
  lease(owner = ''): ByteLease {
    let held = 0;
    return {
      take: (bytes) => {
        this.#take(owner, bytes);
        held += bytes;
      },
      end: () => {
        if (held > 0) this.#give(owner, held);
        held = 0;
      },
    };
  }

  #take(owner: string, bytes: number): void {
    const owned = (this.#owned.get(owner) ?? 0) + bytes;
    if (bytes > this.#left || owned > this.#mostOfOne) throw overloaded();
    this.#left -= bytes;
    this.#owned.set(owner, owned);
  }

  #give(owner: string, bytes: number): void {
    const owned = (this.#owned.get(owner) ?? 0) - bytes;
    this.#left += bytes;
    if (owned > 0) this.#owned.set(owner, owned);
    else this.#owned.delete(owner);
  }
}

export interface ByteLease {
  /** @throws {ChasquiError} `unavailable` when too much is held already. */
  take(bytes: number): void;
  /** Gives back what was taken; nobody refers to the bytes any more. */
  end(): void;
}

const overloaded = (): ChasquiError =>
  new ChasquiError('unavailable', 'Too many large requests or answers at once; try again in a moment.', {
    retryAfterSeconds: 1,
  });
