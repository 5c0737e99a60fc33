/** A small repeatable source of numbers (mulberry32, public domain, Tommy Ettinger): a failing run is repeated by its seed. */
export class Seeded {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Uniform in [0, 1). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from `low` to below `high`. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low));
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.integer(0, items.length)] as Item;
  }
}
