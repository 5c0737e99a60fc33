import type { RepairProgress } from '../../ports/repair-progress.ts';
import { stringKey } from './keys.ts';
import { Table, type TableOptions } from './table.ts';
import { untilAnswered } from './write-again.ts';

/** Of the operator's, as a repair goes through all tenants. */
const KEY = stringKey('_operator/repair', 'c');

/** One item: `c`, the cursor; without it the next repair begins at the beginning. */
export const createDynamoRepairProgress = (options: TableOptions): RepairProgress => {
  const table = new Table(options);
  return {
    load: async () => (await table.get(KEY))?.['c']?.S,
    save: async (cursor) => {
      const place = cursor === undefined ? {} : { c: { S: cursor } };
      await untilAnswered(table, () => table.put({ Item: { ...KEY, ...place } }));
    },
  };
};
