import path from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { guard, unguard } from './guarded-value.ts';

type Store = Database<Buffer, Buffer>;

const TABLES = [
  'partitions',
  'segments',
  'peaks',
  'answers',
  'dead',
  'deletions',
  'state',
  'tenants',
  'topics',
  'keys',
  'secrets',
] as const;
export type TableName = (typeof TABLES)[number];

export interface KeyRange {
  readonly from: Buffer;
  /** Exclusive, also when `reverse` goes down to it. */
  readonly to: Buffer;
  readonly reverse?: boolean;
  readonly limit?: number;
}

export interface Row {
  readonly key: Buffer;
  readonly payload: Buffer;
}

/** The checkpoint of the index, and the registries: tables of checked values in LMDB. */
export class IndexTables {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #stores: ReadonlyMap<TableName, Store>;

  /**
   * `overlappingSync: false`: a write resolves after LMDB's own syncs, not before. `eventTurnBatching: false`: every write is a batch of
   * its own; LMDB's would reject a promise that nobody can take, which ends the process.
   */
  constructor(folder: string) {
    this.#root = open<Buffer, Buffer>({
      path: path.join(folder, 'data.mdb'),
      noSubdir: true,
      overlappingSync: false,
      eventTurnBatching: false,
      encoding: 'binary',
      keyEncoding: 'binary',
      cache: false,
      maxDbs: TABLES.length + 4,
    });
    const options = { encoding: 'binary', keyEncoding: 'binary', cache: false } as const;
    this.#stores = new Map(TABLES.map((name) => [name, this.#root.openDB<Buffer, Buffer>(name, options)]));
  }

  get(table: TableName, key: Buffer): Buffer | undefined {
    const value = this.#store(table).getBinary(key);
    return value === undefined ? undefined : unguard(table, key, value);
  }

  *range(table: TableName, { from, to, reverse = false, limit }: KeyRange): Generator<Row> {
    const options = { start: from, end: to, reverse, ...(limit === undefined ? {} : { limit }) };
    for (const { key, value } of this.#store(table).getRange(options)) {
      yield { key, payload: unguard(table, key, value) };
    }
  }

  keys(table: TableName, { from, to, limit }: Omit<KeyRange, 'reverse'>): Buffer[] {
    return [...this.#store(table).getKeys({ start: from, end: to, ...(limit === undefined ? {} : { limit }) })];
  }

  /**
   * One transaction; resolves when it is on the disk. `fill` only collects: when it throws, nothing was written.
   * All is queued at once, because LMDB takes the rows by reference and writes them on a thread of its own.
   */
  async write(fill: (batch: TableWriter) => void): Promise<void> {
    const rows: Change[] = [];
    fill(collectInto(rows));
    const parts = new Set<Promise<unknown>>();
    const whole = this.#root.batch(() => {
      for (const row of rows) parts.add(this.#queue(row));
    });
    await Promise.all([whole, ...parts]).catch(throwStorageError);
  }

  close(): Promise<void> {
    return this.#root.close();
  }

  #queue({ table, key, value }: Change): Promise<unknown> {
    const store = this.#store(table);
    return value === undefined ? store.remove(key) : store.put(key, value);
  }

  #store(table: TableName): Store {
    return this.#stores.get(table)!;
  }
}

/** Without a value: removed. */
interface Change {
  readonly table: TableName;
  readonly key: Buffer;
  readonly value?: Buffer;
}

/** LMDB hides the reason in another promise, which would end the process if nobody took it. */
const throwStorageError = (error: { readonly commitError?: Promise<unknown> }): never => {
  error.commitError?.catch(() => undefined);
  throw new Error('The index could not be written; nothing of the write is in it.', { cause: error });
};

const collectInto = (rows: Change[]): TableWriter => ({
  put: (table, key, payload) => rows.push({ table, key, value: guard(table, key, payload) }),
  putGuarded: (table, key, value) => rows.push({ table, key, value }),
  remove: (table, key) => rows.push({ table, key }),
});

/** A later call for the same key wins. */
export interface TableWriter {
  put(table: TableName, key: Buffer, payload: Uint8Array): void;
  /** For a value that was guarded before. */
  putGuarded(table: TableName, key: Buffer, value: Buffer): void;
  remove(table: TableName, key: Buffer): void;
}
