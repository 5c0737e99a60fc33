import type { Clock } from '../../../ports/clock.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { IndexState } from './index-state.ts';

export interface CheckpointRules {
  /** Journal that would have to be read after a crash. */
  readonly maxJournalBytes: number;
  /** Sealed segments in memory. */
  readonly maxPendingSegments: number;
  /** After this long without a write, everything is stored: what is damaged later is then told from what a crash cut short. */
  readonly idleMs: number;
  /** However busy it is. */
  readonly maxAgeMs: number;
}

export interface ScheduleParts {
  readonly checkpoint: Checkpoint;
  readonly state: IndexState;
  readonly clock: Clock;
  readonly rules: CheckpointRules;
  /** Told of a checkpoint that failed. It is tried again; until then the journal has everything. */
  readonly onError: (error: unknown) => void;
}

const OVERDUE_FACTOR = 16;

/** Decides when a checkpoint is due. */
export class CheckpointSchedule {
  readonly #parts: ScheduleParts;
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
  }

  /** Call it after every group. */
  noteWrite(): void {
    if (this.#isOver(1)) void this.#run();
    this.#loop ??= this.#watch().finally(() => {
      this.#loop = undefined;
    });
  }

  /** Checkpoints fail for so long that memory and recovery would grow without end: nothing more may be written. */
  get isOverdue(): boolean {
    return this.#isOver(OVERDUE_FACTOR);
  }

  /** Stores what is left. When that fails it is in the journal all the same. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    if (this.#parts.checkpoint.isNeeded) await this.#run();
  }

  async #watch(): Promise<void> {
    const { checkpoint, clock, rules, state } = this.#parts;
    let dirtySince = clock.now();
    while (checkpoint.isNeeded) {
      const { sequence } = state.position;
      if (!(await this.#sleep(rules.idleMs))) return;
      const isIdle = state.position.sequence === sequence;
      if (!isIdle && clock.now() - dirtySince < rules.maxAgeMs) continue;
      await this.#run();
      dirtySince = clock.now();
    }
  }

  /** False: the store is being closed. */
  #sleep(ms: number): Promise<boolean> {
    return this.#parts.clock.sleep(ms, this.#stop.signal).then(
      () => true,
      () => false,
    );
  }

  async #run(): Promise<void> {
    try {
      await this.#parts.checkpoint.run();
    } catch (error) {
      this.#parts.onError(error);
    }
  }

  #isOver(factor: number): boolean {
    const { state, rules } = this.#parts;
    const { journalBytes, segments } = state.unsavedAmount;
    return journalBytes > factor * rules.maxJournalBytes || segments > factor * rules.maxPendingSegments;
  }
}
