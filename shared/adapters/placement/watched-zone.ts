import type { Clock } from '../../ports/clock.ts';
import { type BreakerOptions, CircuitBreaker } from './circuit-breaker.ts';
import { within } from './within.ts';
import type { Range, Zone } from './zone.ts';

export interface WatchOptions {
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly breaker?: BreakerOptions | undefined;
  /** After this an attempt counts as failed, in milliseconds (3,000). */
  readonly timeoutMs?: number | undefined;
  /** A zone that owes answers for more bytes than this gets no further ones (64 MiB): it would take the memory with it. */
  readonly backlogBytes?: number | undefined;
  /** Told of a zone that keeps failing, once until it answers again. */
  readonly onFailing?: ((zone: string, error: unknown) => void) | undefined;
}

/** A zone with what this process knows of its health. */
export class WatchedZone {
  /** The bit of the zone in a blob's mask. */
  readonly bit: number;
  readonly zone: Zone;
  readonly #breaker: CircuitBreaker;
  readonly #options: WatchOptions;
  #backlogBytes = 0;

  constructor(zone: Zone, index: number, options: WatchOptions) {
    this.zone = zone;
    this.bit = 1 << index;
    this.#options = options;
    this.#breaker = new CircuitBreaker(options.clock, options.breaker);
  }

  /** Ask only when you mean to go: see `CircuitBreaker`. */
  allows(): boolean {
    const { backlogBytes = 64 * 1024 * 1024 } = this.#options;
    return this.#backlogBytes <= backlogBytes && this.#breaker.allows();
  }

  put(key: string, bytes: Uint8Array): Promise<void> {
    this.#backlogBytes += bytes.length;
    return this.#watch((abort) =>
      // What is not waited for any more still holds its bytes.
      this.zone.put(key, bytes, abort).finally(() => {
        this.#backlogBytes -= bytes.length;
      }),
    );
  }

  get(key: string, range?: Range, abort?: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#watch((signal) => this.zone.get(key, range, signal), abort);
  }

  size(key: string): Promise<number | undefined> {
    return this.#watch(() => this.zone.size(key));
  }

  delete(key: string): Promise<void> {
    return this.#watch(() => this.zone.delete(key));
  }

  async #watch<Answer>(perform: (abort: AbortSignal) => Promise<Answer>, abort?: AbortSignal): Promise<Answer> {
    const { clock, timeoutMs = 3000 } = this.#options;
    const startedAtMs = clock.now();
    try {
      const answer = await within(clock, timeoutMs, perform, abort);
      this.#breaker.succeeded();
      return answer;
    } catch (error) {
      // A process that stood still meanwhile, as a function does between requests, has learnt nothing of the zone.
      const wasFrozen = clock.now() - startedAtMs > 2 * timeoutMs;
      if (abort?.aborted !== true && !wasFrozen && this.#breaker.failed())
        this.#options.onFailing?.(this.zone.name, error);
      throw error;
    }
  }
}
