import type { IndexTables, TableName, TableWriter } from '../index/index-tables.ts';

/** What a write sees: the tables, and what those before it in the same transaction have written. */
export interface WriteView {
  get(table: TableName, key: Buffer): Buffer | undefined;
  /** The keys from `from` to before `to`, in no order. */
  keys(table: TableName, from: Buffer, to: Buffer): Buffer[];
  put(table: TableName, key: Buffer, payload: Buffer): void;
  remove(table: TableName, key: Buffer): void;
}

interface Waiting {
  readonly perform: (view: WriteView) => () => void;
  readonly fail: (error: unknown) => void;
}

/** `undefined` as a payload: removed. */
type Written = Map<string, { readonly table: TableName; readonly key: Buffer; readonly payload: Buffer | undefined }>;

/**
 * Writes that depend on what is stored, one after the other, and all that wait for the same sync in one transaction: as many as come
 * while one is under way share the next one. Each resolves when it is on the disk.
 */
export class ConditionalWrites {
  readonly #tables: IndexTables;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;

  constructor(tables: IndexTables) {
    this.#tables = tables;
  }

  /** `work` runs at once or a little later, in one turn; what it throws is the caller's and writes nothing of it. */
  run<Result>(work: (view: WriteView) => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      const perform = (view: WriteView): (() => void) => {
        const result = work(view);
        return () => resolve(result);
      };
      this.#waiting.push({ perform, fail: reject });
      this.#running ??= this.#drain();
    });
  }

  /** Resolves when everything asked for so far is done. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      await this.#flush(group);
    }
    this.#running = undefined;
  }

  async #flush(group: readonly Waiting[]): Promise<void> {
    const written: Written = new Map();
    const done: (() => void)[] = [];
    for (const { perform, fail } of group) {
      try {
        done.push(this.#perform(perform, written));
      } catch (error) {
        fail(error);
      }
    }
    try {
      if (written.size > 0) await this.#tables.write((batch) => fill(batch, written));
      for (const resolve of done) resolve();
    } catch (error) {
      for (const { fail } of group) fail(error);
    }
  }

  #perform(perform: Waiting['perform'], written: Written): () => void {
    const own: Written = new Map();
    const done = perform({
      get: (table, key) => {
        const id = idOf(table, key);
        const known = own.get(id) ?? written.get(id);
        return known === undefined ? this.#tables.get(table, key) : known.payload;
      },
      keys: (table, from, to) => {
        const there = new Map(this.#tables.keys(table, { from, to }).map((key) => [idOf(table, key), key]));
        for (const [id, change] of [...written, ...own]) {
          if (change.table !== table || change.key.compare(from) < 0 || change.key.compare(to) >= 0) continue;
          if (change.payload === undefined) there.delete(id);
          else there.set(id, change.key);
        }
        return [...there.values()];
      },
      put: (table, key, payload) => own.set(idOf(table, key), { table, key, payload }),
      remove: (table, key) => own.set(idOf(table, key), { table, key, payload: undefined }),
    });
    for (const [id, change] of own) written.set(id, change);
    return done;
  }
}

const idOf = (table: TableName, key: Buffer): string => `${table}:${key.toString('latin1')}`;

const fill = (batch: TableWriter, written: Written): void => {
  for (const { table, key, payload } of written.values()) {
    if (payload === undefined) batch.remove(table, key);
    else batch.put(table, key, payload);
  }
};
