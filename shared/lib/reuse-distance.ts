/**
 * Tells what comes again soon enough to be worth keeping within a budget of bytes. Anything else would have been forgotten by the time
 * that it came again, and would only have driven out what does come again.
 * Source: Jiang and Zhang, "LIRS: An Efficient Low Inter-reference Recency Set Replacement Policy", section 2 (inter-reference recency).
 */
export class ReuseDistance {
  readonly #budgetBytes: number;
  /** Of each name: how many bytes had been seen, itself included, the last time. The oldest first. */
  readonly #seen = new Map<string, number>();
  #total = 0;

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes;
  }

  /** Notes that it was seen; true: it was before, and it and all that has come between fit into the budget. */
  see(name: string, bytes: number): boolean {
    this.#total += bytes;
    for (const [oldest, at] of this.#seen) {
      if (this.#total - at <= this.#budgetBytes) break;
      this.#seen.delete(oldest);
    }
    const isAgain = this.#seen.delete(name);
    this.#seen.set(name, this.#total);
    return isAgain;
  }
}
