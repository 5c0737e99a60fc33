import type { Clock } from '../../../ports/clock.ts';
import type { JournalPosition } from '../journal/journal-position.ts';
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
  readonly rollBytes: number;
  /** Told of a checkpoint that failed. It is tried again; until then the journal has everything. */
  readonly onError: (error: unknown) => void;
}

const OVERDUE_FACTOR = 16;

/** Decides when a checkpoint is due. */
export class CheckpointSchedule {
  readonly #parts: ScheduleParts;
  readonly #stop = new AbortController();
  #saved: JournalPosition;
  #loop: Promise<void> | undefined;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
    this.#saved = parts.state.position;
  }

  /** Call it after every group. */
  noteWrite(): void {
    const { state, rules } = this.#parts;
    const tooMuch = this.#unsavedBytes() > rules.maxJournalBytes || state.pendingSegments > rules.maxPendingSegments;
    if (tooMuch) void this.#run();
    this.#loop ??= this.#watch().finally(() => {
      this.#loop = undefined;
    });
  }

  /** Checkpoints fail for so long that memory and recovery would grow without end: nothing more may be written. */
  get isOverdue(): boolean {
    const { state, rules } = this.#parts;
    const factor = OVERDUE_FACTOR;
    return (
      this.#unsavedBytes() > factor * rules.maxJournalBytes || state.pendingSegments > factor * rules.maxPendingSegments
    );
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
    const { position } = this.#parts.state;
    try {
      await this.#parts.checkpoint.run();
      this.#saved = position;
    } catch (error) {
      this.#parts.onError(error);
    }
  }

  #unsavedBytes(): number {
    const { file, offset } = this.#parts.state.position;
    return (file - this.#saved.file) * this.#parts.rollBytes + offset - this.#saved.offset;
  }
}
