/** Allowed to come early by this much, since timers are not exact. */
const TOLERANCE_MS = 5;

/**
 * When a subscription may send next: its rate limit, and what its endpoint has asked for. One for all its partitions in a process.
 * Even spacing, not a bucket: no second ever holds more than the limit and one. A partition that has something to send is given the
 * next free slot and keeps it until it has sent, so that none goes twice while another waits.
 */
export class Pace {
  readonly #intervalMs: number;
  readonly #slots = new Map<number, number>();
  #nextAt = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  #holdUntil = 0;

  constructor(perSecond: number | undefined) {
    this.#intervalMs = perSecond === undefined ? 0 : 1000 / perSecond;
  }

  /** Milliseconds since the epoch; not before this. To be asked when there is something to send, and nothing else in its way. */
  readyAt(now: number, partition: number): number {
    const slot = this.#slotOf(now, partition) - (this.#intervalMs > TOLERANCE_MS ? 0 : TOLERANCE_MS);
    // Whoever comes late to its slot may meet the next one's.
    return Math.max(now, slot, this.#lastAt + this.#intervalMs - TOLERANCE_MS, this.#holdUntil);
  }

  /** One request goes out now. */
  take(now: number, partition: number): void {
    this.#slots.delete(partition);
    this.#lastAt = now;
    this.#nextAt = Math.max(this.#nextAt, now + this.#intervalMs);
  }

  hold(until: number): void {
    this.#holdUntil = Math.max(this.#holdUntil, until);
    // Slots that will have passed by then would all come at once.
    this.#slots.clear();
    this.#nextAt = Math.max(this.#lastAt + this.#intervalMs, this.#holdUntil);
  }

  #slotOf(now: number, partition: number): number {
    const known = this.#slots.get(partition);
    if (known !== undefined) return known;
    const slot = Math.max(this.#nextAt, now);
    this.#slots.set(partition, slot);
    this.#nextAt = slot + this.#intervalMs;
    return slot;
  }
}
