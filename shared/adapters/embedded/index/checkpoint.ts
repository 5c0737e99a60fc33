import type { Claims } from './claims.ts';
import { isClean } from './dirt.ts';
import type { IndexState } from './index-state.ts';
import type { Partition, Segment } from './partition-state.ts';
import { type StoredSegments, saveDirt } from './save-dirt.ts';
import { readPosition, writePosition } from './saved-position.ts';
import { AnswerSweep } from './sweep-answers.ts';
import { hasDead, sweepDead } from './sweep-dead.ts';

/** Rows that one checkpoint removes or looks at besides what it stores, so that it stays short. */
const SWEEP_ROWS = 512;

/**
 * Stores the state in the tables: everything that changed, and the journal position up to which that is true, in one transaction.
 * LMDB's own thread does the writing; this thread only encodes. The journal stays: it has the records.
 */
export class Checkpoint {
  readonly #state: IndexState;
  readonly #claims: Claims;
  readonly #answers: AnswerSweep;
  #running: Promise<void> | undefined;
  #leftToSweep: boolean;
  /** The sequence number up to which the tables are. */
  #saved: number;

  constructor(state: IndexState, claims: Claims) {
    this.#state = state;
    this.#claims = claims;
    this.#answers = new AnswerSweep(state.tables);
    this.#leftToSweep = hasDead(state.tables);
    this.#saved = readPosition(state.tables).position.sequence;
  }

  /** Whether a checkpoint would do anything. */
  get isNeeded(): boolean {
    return this.#leftToSweep || this.#state.position.sequence !== this.#saved || !isClean(this.#state.dirt);
  }

  /** One at a time: joins the one under way. */
  run(): Promise<void> {
    this.#running ??= this.#save().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #save(): Promise<void> {
    const { tables, position, nextNumber } = this.#state;
    const dirt = this.#state.beginSave();
    let stored: StoredSegments = new Map();
    let saved = false;
    try {
      await tables.write((batch) => {
        // What is removed here and written again below is kept: the later call wins.
        this.#answers.run(batch, this.#claims.latest, SWEEP_ROWS + 2 * dirt.answers.size);
        const isSweepCut = sweepDead(tables, batch, SWEEP_ROWS);
        this.#leftToSweep = isSweepCut || dirt.dead.size > 0;
        stored = saveDirt(tables, batch, dirt);
        writePosition(batch, { position, nextNumber });
      });
      saved = true;
      this.#saved = position.sequence;
      for (const [partition, segments] of stored) forget(partition, segments);
    } finally {
      this.#state.endSave(saved);
    }
    this.#claims.sweep();
  }
}

const forget = (partition: Partition, segments: readonly Segment[]): void => {
  const stored = new Set(segments);
  partition.pending = partition.pending.filter((segment) => !stored.has(segment));
};
