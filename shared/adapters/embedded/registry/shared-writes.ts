import type { IndexTables, TableWriter } from '../index/index-tables.ts';

type Fill = (batch: TableWriter) => void;

interface Waiting {
  readonly fill: Fill;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Writes that come while one is on its way to the disk share the next one: a sync costs the same for one row as for hundreds. */
export class SharedWrites {
  readonly #tables: IndexTables;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(tables: IndexTables) {
    this.#tables = tables;
  }

  /** Resolves when it is on the disk. What is asked for first is written first, or together. */
  write(fill: Fill): Promise<void> {
    const done = new Promise<void>((resolve, reject) => this.#waiting.push({ fill, resolve, reject }));
    this.#writing ??= this.#drain();
    return done;
  }

  async idle(): Promise<void> {
    await this.#writing;
  }

  async #drain(): Promise<void> {
    // What else comes in this turn comes along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      await this.#tables
        .write((batch) => {
          for (const { fill } of group) fill(batch);
        })
        .then(
          () => {
            for (const { resolve } of group) resolve();
          },
          (error: unknown) => {
            for (const { reject } of group) reject(error);
          },
        );
    }
    this.#writing = undefined;
  }
}
