const REDACTED = '[redacted]';

/** A secret that logging, string templates, JSON and Node's `inspect` do not show. Only `reveal` does. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}

export const secretOf = (value: string | Secret): Secret => (value instanceof Secret ? value : new Secret(value));
