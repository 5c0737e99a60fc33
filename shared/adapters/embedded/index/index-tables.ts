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

  /** `overlappingSync: false`: a write resolves after LMDB's own syncs, not before. */
  constructor(folder: string) {
    this.#root = open<Buffer, Buffer>({
      path: path.join(folder, 'data.mdb'),
      noSubdir: true,
      overlappingSync: false,
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

  /** One transaction; resolves when it is on the disk. */
  async write(fill: (batch: TableWriter) => void): Promise<void> {
    await this.#root.batch(() => fill({ put: this.#put, putGuarded: this.#putGuarded, remove: this.#remove }));
  }

  close(): Promise<void> {
    return this.#root.close();
  }

  readonly #put = (table: TableName, key: Buffer, payload: Uint8Array): void => {
    this.#putGuarded(table, key, guard(table, key, payload));
  };

  readonly #putGuarded = (table: TableName, key: Buffer, value: Buffer): void => {
    void this.#store(table).put(key, value);
  };

  readonly #remove = (table: TableName, key: Buffer): void => {
    void this.#store(table).remove(key);
  };

  #store(table: TableName): Store {
    return this.#stores.get(table)!;
  }
}

export interface TableWriter {
  put(table: TableName, key: Buffer, payload: Uint8Array): void;
  /** For a value that was guarded before. */
  putGuarded(table: TableName, key: Buffer, value: Buffer): void;
  remove(table: TableName, key: Buffer): void;
}
