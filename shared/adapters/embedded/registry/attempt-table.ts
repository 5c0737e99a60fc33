import type { TenantId } from '../../../contract/ids.ts';
import { ATTEMPTS_KEPT, type Attempt, FAILURES_KEPT_MS } from '../../../ports/subscription-store.ts';
import type { IndexTables, TableWriter } from '../index/index-tables.ts';
import { attemptKey } from '../index/keys.ts';

const BEHIND = Buffer.alloc(17, 0xff);
const TABLE = 'attempts';

const parse = ({ payload }: { readonly payload: Buffer }): Attempt => JSON.parse(payload.toString()) as Attempt;
const hasFailed = ({ outcome }: Attempt): boolean => outcome !== 'delivered';

/** Tries, as rows: those that delivered, of which the newest are kept, and those that failed, which are kept by their age. */
export class AttemptTable {
  readonly #tables: IndexTables;

  constructor(tables: IndexTables) {
    this.#tables = tables;
  }

  /** What is too old by now goes with the same write. */
  add(batch: TableWriter, tenant: TenantId, uid: string, attempts: readonly Attempt[], nowMs: number): void {
    for (const attempt of attempts) {
      const key = attemptKey(tenant, uid, hasFailed(attempt), attempt.id);
      batch.put(TABLE, key, Buffer.from(JSON.stringify(attempt)));
    }
    for (const { key } of this.#delivered(tenant, uid).slice(ATTEMPTS_KEPT)) batch.remove(TABLE, key);
    for (const row of this.#failures(tenant, uid)) {
      if (parse(row).time >= nowMs - FAILURES_KEPT_MS) break;
      batch.remove(TABLE, row.key);
    }
  }

  /** The newest first. */
  list(
    tenant: TenantId,
    uid: string,
    { before, limit }: { readonly before?: string; readonly limit: number },
  ): Attempt[] {
    const both = [false, true].flatMap((failed) => {
      const to = attemptKey(tenant, uid, failed);
      const from = before === undefined ? Buffer.concat([to, BEHIND]) : attemptKey(tenant, uid, failed, before);
      // The bound that it begins at is inclusive, and is the one row that was shown last.
      const rows = [...this.#tables.range(TABLE, { from, to, reverse: true, limit: limit + 1 })].map(parse);
      return rows.filter(({ id }) => id !== before);
    });
    return both.sort((left, right) => (left.id < right.id ? 1 : -1)).slice(0, limit);
  }

  removeAll(batch: TableWriter, tenant: TenantId, uid: string): void {
    for (const failed of [false, true]) {
      const from = attemptKey(tenant, uid, failed);
      for (const key of this.#tables.keys(TABLE, { from, to: Buffer.concat([from, BEHIND]) })) batch.remove(TABLE, key);
    }
  }

  #delivered(tenant: TenantId, uid: string) {
    const to = attemptKey(tenant, uid, false);
    return [...this.#tables.range(TABLE, { from: Buffer.concat([to, BEHIND]), to, reverse: true })];
  }

  #failures(tenant: TenantId, uid: string) {
    const from = attemptKey(tenant, uid, true);
    return this.#tables.range(TABLE, { from, to: Buffer.concat([from, BEHIND]) });
  }
}
