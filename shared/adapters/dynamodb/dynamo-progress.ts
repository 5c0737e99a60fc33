import type { Progress } from '../../ports/progress.ts';
import { stringKey } from './keys.ts';
import { Table, type TableOptions } from './table.ts';
import { untilAnswered } from './write-again.ts';

/** One item of the operator's, as the work goes through all tenants: `c`, the cursor; without it the next one begins at the beginning. */
export const createDynamoProgress = (options: TableOptions, work: 'repair' | 'retention' | 'sweep'): Progress => {
  const table = new Table(options);
  const key = stringKey(`_operator/${work}`, 'c');
  return {
    load: async () => (await table.get(key))?.['c']?.S,
    save: async (cursor) => {
      const place = cursor === undefined ? {} : { c: { S: cursor } };
      await untilAnswered(table, () => table.put({ Item: { ...key, ...place } }));
    },
  };
};
