import { decodeAnswer } from './answers.ts';
import type { IndexTables, TableWriter } from './index-tables.ts';

const LAST = Buffer.alloc(1, 0xff);

/** Goes round and round through the kept answers, a slice at every checkpoint, and removes those that are past their time. */
export class AnswerSweep {
  readonly #tables: IndexTables;
  #next = Buffer.alloc(1);

  constructor(tables: IndexTables) {
    this.#tables = tables;
  }

  run(batch: TableWriter, now: number, limit: number): void {
    let last: Buffer | undefined;
    let seen = 0;
    for (const { key, payload } of this.#tables.range('answers', { from: this.#next, to: LAST, limit })) {
      last = key;
      seen += 1;
      if (decodeAnswer(payload).expiresAt <= now) batch.remove('answers', key);
    }
    this.#next = last === undefined || seen < limit ? Buffer.alloc(1) : Buffer.concat([last, Buffer.alloc(1)]);
  }
}
