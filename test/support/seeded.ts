import { createSeededRandom } from './seeded-random.ts';

/** Choices that a failing run repeats by its seed. */
export class Seeded {
  readonly #fraction: () => number;

  constructor(seed: number) {
    this.#fraction = createSeededRandom(seed).fraction;
  }

  /** A whole number from `low` to below `high`. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.#fraction() * (high - low));
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.integer(0, items.length)] as Item;
  }
}
