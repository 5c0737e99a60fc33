import { isDeepStrictEqual } from 'node:util';
import { IndexDamagedError } from '../../../ports/offset-store.ts';
import type { NamePage } from '../../../ports/topic-registry.ts';
import type { IndexTables, TableName, TableWriter } from '../index/index-tables.ts';

/** Behind every ASCII name. */
const BEHIND = Buffer.from([0xff]);

/** A table of JSON values by key. */
export class JsonTable<Value> {
  readonly #tables: IndexTables;
  readonly #name: TableName;

  constructor(tables: IndexTables, name: TableName) {
    this.#tables = tables;
    this.#name = name;
  }

  get(key: Buffer): Value | undefined {
    const payload = this.#tables.get(this.#name, key);
    return payload && this.#parse(key, payload);
  }

  /** The values whose keys are `prefix` followed by a name of the page, in the order of the names' bytes. */
  list(prefix: Buffer, page: NamePage): Value[] {
    const names = Buffer.from(page.prefix ?? '');
    const first = Buffer.concat([prefix, names]);
    const behind = Buffer.concat([prefix, Buffer.from(`${page.after ?? ''}\0`)]);
    const from = page.after === undefined || Buffer.compare(first, behind) > 0 ? first : behind;
    const to = Buffer.concat([first, BEHIND]);
    if (Buffer.compare(from, to) >= 0) return [];
    const rows = this.#tables.range(this.#name, { from, to, limit: page.limit });
    return [...rows].map(({ key, payload }) => this.#parse(key, payload));
  }

  /** Whether what is stored is what the caller saw. */
  isStill(key: Buffer, seen: Value): boolean {
    const stored = this.get(key);
    return stored !== undefined && isDeepStrictEqual(stored, JSON.parse(JSON.stringify(seen)));
  }

  put(batch: TableWriter, key: Buffer, value: Value): void {
    batch.put(this.#name, key, Buffer.from(JSON.stringify(value)));
  }

  #parse(key: Buffer, payload: Buffer): Value {
    try {
      return JSON.parse(payload.toString('utf8')) as Value;
    } catch (cause) {
      throw new IndexDamagedError(`index/${this.#name} ${key.toString('hex')}`, { cause });
    }
  }
}
