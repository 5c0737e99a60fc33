import type { Clock } from '../../ports/clock.ts';
import type { CacheBounds } from './read-cache.ts';

interface Read<Value> {
  readonly value: Value;
  readonly readAtMs: number;
}

/**
 * What was found lately, for instances that do not hear of each other's writes. Absence is not remembered: what another instance has
 * just made is there at once. What another has changed or taken away is seen after `maxAgeMs`, or after `forget`.
 */
export class RecentReads<Value> {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #bounds: CacheBounds;
  readonly #reads = new Map<string, Read<Value>>();
  #uses = 0;

  constructor(clock: Pick<Clock, 'now'>, bounds: CacheBounds) {
    this.#clock = clock;
    this.#bounds = bounds;
  }

  /** How often `get` did not have to look. */
  get uses(): number {
    return this.#uses;
  }

  async get(key: string, look: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const nowMs = this.#clock.now();
    const known = this.#reads.get(key);
    // A clock that was set back must not make it live longer.
    if (known !== undefined && nowMs >= known.readAtMs && nowMs < known.readAtMs + this.#bounds.maxAgeMs) {
      this.#uses += 1;
      return known.value;
    }
    const value = await look();
    this.#reads.delete(key);
    if (value !== undefined) this.#remember(key, { value, readAtMs: nowMs });
    return value;
  }

  forget(): void {
    this.#reads.clear();
  }

  #remember(key: string, read: Read<Value>): void {
    this.#reads.set(key, read);
    const [oldest] = this.#reads.keys();
    if (oldest !== undefined && this.#reads.size > this.#bounds.maxEntries) this.#reads.delete(oldest);
  }
}
