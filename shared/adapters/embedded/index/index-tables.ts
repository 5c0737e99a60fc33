import path from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { IndexDamagedError } from '../../../ports/offset-store.ts';
import { NotWrittenError } from '../not-written-error.ts';
import { checkFreeSpace } from './free-space.ts';
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
  'groups',
  'members',
  'leases',
  'subscriptions',
  'deliveries',
  'attempts',
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

/** Told when the file is about to change, and when it rests again. */
export interface ChangeWatch {
  /** The file may change when this has resolved. */
  begin(): Promise<void>;
  end(): void;
}

/** The checkpoint of the index, and the registries: tables of checked values in LMDB. */
export class IndexTables {
  readonly #checkSpace: () => void;
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #stores: ReadonlyMap<TableName, Store>;
  readonly #changes: ChangeWatch | undefined;

  /**
   * `overlappingSync: false`: a write resolves after LMDB's own syncs, not before. `eventTurnBatching: false`: every write is a batch of
   * its own; LMDB's would reject a promise that nobody can take, which ends the process. `checkSpace`: for tests.
   */
  constructor(folder: string, changes?: ChangeWatch, checkSpace = () => checkFreeSpace(folder)) {
    this.#checkSpace = checkSpace;
    this.#changes = changes;
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
    const value = reading(table, () => this.#store(table).getBinary(key));
    return value === undefined ? undefined : unguard(table, key, value);
  }

  *range(table: TableName, { from, to, reverse = false, limit }: KeyRange): Generator<Row> {
    const options = { start: from, end: to, reverse, ...(limit === undefined ? {} : { limit }) };
    const rows = reading(table, () => this.#store(table).getRange(options)[Symbol.iterator]());
    try {
      for (;;) {
        const row = reading(table, () => rows.next());
        if (row.done === true) return;
        const { key, value } = row.value;
        yield { key, payload: unguard(table, key, value) };
      }
    } finally {
      rows.return?.();
    }
  }

  keys(table: TableName, { from, to, limit }: Omit<KeyRange, 'reverse'>): Buffer[] {
    const options = { start: from, end: to, ...(limit === undefined ? {} : { limit }) };
    return reading(table, () => [...this.#store(table).getKeys(options)]);
  }

  /**
   * One transaction; resolves when it is on the disk. `fill` only collects: when it throws, nothing was written.
   * All is queued at once, because LMDB takes the rows by reference and writes them on a thread of its own.
   */
  async write(fill: (batch: TableWriter) => void): Promise<void> {
    const rows: Change[] = [];
    fill(collectInto(rows));
    this.#checkSpace();
    try {
      await this.#changes?.begin();
      await this.#transact(rows);
    } finally {
      this.#changes?.end();
    }
  }

  close(): Promise<void> {
    return this.#root.close();
  }

  async #transact(rows: readonly Change[]): Promise<void> {
    const parts = new Set<Promise<unknown>>();
    const whole = this.#root.batch(() => {
      for (const row of rows) parts.add(this.#queue(row));
    });
    await Promise.all([whole, ...parts]).catch(throwStorageError);
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

/** LMDB reads its own file as it is; what it cannot make sense of is damage. */
const reading = <Result>(table: TableName, read: () => Result): Result => {
  try {
    return read();
  } catch (cause) {
    throw new IndexDamagedError(`index/data.mdb, table ${table}`, { cause });
  }
};

/** LMDB hides the reason in another promise, which would end the process if nobody took it. */
const throwStorageError = (error: { readonly commitError?: Promise<unknown> }): never => {
  error.commitError?.catch(() => undefined);
  throw new NotWrittenError({ cause: error });
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
