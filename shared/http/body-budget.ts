import { ChasquiError } from '../contract/errors.ts';

/**
 * Bounds what the bodies of all requests under way hold together. Only bytes that have come count, so that a client that declares much
 * and sends little holds up nobody.
 */
export class BodyBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** A request's part of the budget, empty at first. */
  lease(): BodyLease {
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

export interface BodyLease {
  /** @throws {ChasquiError} `unavailable` when the bodies of all requests hold too much already. */
  take(bytes: number): void;
  /** Gives back what was taken; the body is not referred to any more. */
  end(): void;
}

const overloaded = (): ChasquiError =>
  new ChasquiError('unavailable', 'Too many large requests at once; try again in a moment.', { retryAfterSeconds: 1 });
