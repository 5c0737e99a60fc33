interface Entry<Value> {
  readonly value: Value;
  readonly weight: number;
}

/** Least recently used values within a budget of weight (bytes, or just 1 each). */
export class Lru<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #budget: number;
  readonly #onRemoved: ((value: Value) => void) | undefined;
  #weight = 0;

  /** `onRemoved` is told of every value that is not, or no longer, kept. */
  constructor(budget: number, onRemoved?: (value: Value) => void) {
    this.#budget = budget;
    this.#onRemoved = onRemoved;
  }

  get weight(): number {
    return this.#weight;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** A value that is heavier than the whole budget is not kept. */
  set(key: string, value: Value, weight = 1): void {
    this.delete(key);
    if (weight > this.#budget) {
      this.#onRemoved?.(value);
      return;
    }
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    this.#evict();
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#remove(key, entry);
  }

  #evict(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#weight <= this.#budget) return;
      this.#remove(key, entry);
    }
  }

  #remove(key: string, entry: Entry<Value>): void {
    this.#entries.delete(key);
    this.#weight -= entry.weight;
    this.#onRemoved?.(entry.value);
  }
}
