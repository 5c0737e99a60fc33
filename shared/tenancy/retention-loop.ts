import type { Clock } from '../ports/clock.ts';
import { type RetentionPlace, type RetentionPorts, type RetentionTally, retainEverything } from './retention.ts';

const EVERY_MS = 5000;
/** What is damaged stays so for a while, and each try is an error in the log. */
const AFTER_FAILURE_MS = 60_000;
/** However many topics there are, it works for a hundredth of the time. */
const REST_PER_WORK = 100;

/** Removes what topics no longer keep, again and again. */
export class RetentionLoop {
  readonly #ports: RetentionPorts & { readonly clock: Clock };
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  /** Where the walk before was stopped by failures. */
  #place: RetentionPlace | undefined;

  constructor(ports: RetentionPorts & { readonly clock: Clock }) {
    this.#ports = ports;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when it touches the stores no more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock } = this.#ports;
    const { signal } = this.#stopping;
    for (let restMs = EVERY_MS; ; ) {
      await clock.sleep(restMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      const startedAt = clock.now();
      const hasFailed = await this.#walk();
      const tookMs = clock.now() - startedAt;
      restMs = Math.max(hasFailed ? AFTER_FAILURE_MS : EVERY_MS, REST_PER_WORK * tookMs);
    }
  }

  /** Answers whether something has failed. */
  async #walk(): Promise<boolean> {
    const { log } = this.#ports;
    const tally: RetentionTally = { removed: 0, failed: 0 };
    try {
      this.#place = await retainEverything(this.#ports, tally, this.#place, () => this.#stopping.signal.aborted);
    } catch (error) {
      log.write('error', 'retention failed', { error });
      return true;
    }
    if (tally.removed > 0) log.write('info', 'retained', { ...tally });
    return tally.failed > 0;
  }
}
