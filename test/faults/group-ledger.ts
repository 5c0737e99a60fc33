interface Handling {
  readonly life: string;
  readonly generation: number;
}

/** What the members of a group did, and what of it must not be. */
export class GroupLedger {
  readonly #handled = new Map<string, Handling[]>();
  readonly #committed = new Map<string, number>();
  readonly #lastOf = new Map<string, number>();
  readonly #dead = new Set<string>();
  readonly faults: string[] = [];
  repeats = 0;

  died(life: string): void {
    this.#dead.add(life);
  }

  handled(life: string, generation: number, partition: number, offset: number): void {
    this.#checkOrder(life, partition, offset);
    const place = `${partition}/${offset}`;
    const before = this.#handled.get(place) ?? [];
    for (const earlier of before) this.#checkRepeat(earlier, { life, generation }, partition, offset);
    this.#handled.set(place, [...before, { life, generation }]);
  }

  committed(life: string, partition: number, offset: number): void {
    const key = `${life}/${partition}`;
    this.#committed.set(key, Math.max(offset, this.#committed.get(key) ?? 0));
  }

  /** Each offset of each partition that nobody has handled. */
  missing(watermarks: readonly number[]): string[] {
    return watermarks.flatMap((end, partition) =>
      Array.from({ length: end }, (_, offset) => `${partition}/${offset}`).filter((place) => !this.#handled.has(place)),
    );
  }

  /** Within a member's life a partition only goes on, or back to something that it has not committed. */
  #checkOrder(life: string, partition: number, offset: number): void {
    const key = `${life}/${partition}`;
    const last = this.#lastOf.get(key);
    this.#lastOf.set(key, offset);
    if (last === undefined || offset === last + 1) return;
    const done = this.#committed.get(key) ?? 0;
    if (offset > last + 1 && this.#wasHandledUpTo(partition, offset)) return;
    if (offset <= last && offset >= done) return;
    this.faults.push(`${life} went from ${last} to ${offset} in partition ${partition}`);
  }

  /** It lost the partition and has it again: what lies between, others have handled. */
  #wasHandledUpTo(partition: number, offset: number): boolean {
    return this.#handled.has(`${partition}/${offset - 1}`);
  }

  /** Only what its handler had not committed when it died may be handled again by somebody else. */
  #checkRepeat(earlier: Handling, now: Handling, partition: number, offset: number): void {
    this.repeats += 1;
    const what = `${partition}/${offset} of ${earlier.life} again by ${now.life}`;
    if (offset < (this.#committed.get(`${earlier.life}/${partition}`) ?? 0)) this.faults.push(`${what}: was committed`);
    if (earlier.life === now.life) return;
    if (earlier.generation === now.generation && !this.#dead.has(earlier.life))
      this.faults.push(`${what}: one generation`);
    if (!this.#dead.has(earlier.life)) this.faults.push(`${what}: still alive`);
  }
}
