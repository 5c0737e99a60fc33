import { ChasquiError } from '../contract/errors.ts';

/**
 * Bounds what the bodies of all requests under way, or of all answers, hold together. Only bytes that are there count: a client that
 * declares much and sends little holds up nobody.
 */
export class ByteBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** A request's part of the budget, empty at first. */
  lease(): ByteLease {
    let held = 0;
    return {
      take: (bytes) => {
        if (bytes > this.#left) throw overloaded();
        this.#left -= bytes;
        held += bytes;
      },
      end: () => {
        this.#left += held;
        held = 0;
      },
    };
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
