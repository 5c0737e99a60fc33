import { sideBySide } from '../../lib/side-by-side.ts';
import type { Remains } from '../../ports/remains.ts';
import { numberOf } from './head-item.ts';
import { REMAINS_PARTITION, remainsKey, remainsUntil } from './keys.ts';
import { type Item, Table, type TableOptions, type TransactionPart } from './table.ts';
import { untilAnswered, writeIf } from './write-again.ts';

/*
 * A removal makes a thing invisible by one transaction, which also puts a note of what has to be cleared; then it clears up. Whoever clears
 * by the note finds what a removal that was broken off has left, and what others wrote who did not know of it. `k` is the partition key,
 * `i` the incarnation of which items have to be; absent: all under that key go.
 */

/** Longer than any call of a function, and than every lease. */
const QUIET_MS = 15 * 60 * 1000;
const NOTES_PER_CALL = 100;
const AT_ONCE = 16;

/** A partition, or one incarnation's part of it. */
export interface Removed {
  readonly partition: string;
  readonly incarnation?: number;
}

export const noteOf = ({ partition, incarnation }: Removed, now: number): TransactionPart => ({
  Put: {
    Item: {
      ...remainsKey(now, partition),
      k: { S: partition },
      ...(incarnation === undefined ? {} : { i: numberOf(incarnation) }),
    },
  },
});

export const clearRemoved = async (table: Table, { partition, incarnation }: Removed): Promise<void> => {
  const isMeant = ({ i }: Item): boolean => incarnation === undefined || i?.N === String(incarnation);
  const left = (await table.queryPartition(partition)).filter(isMeant);
  const condition =
    incarnation === undefined
      ? {}
      : { ConditionExpression: 'i = :i', ExpressionAttributeValues: { ':i': numberOf(incarnation) } };
  await sideBySide(left, AT_ONCE, async ({ pk, sk }) => {
    await writeIf(table, () => untilAnswered(table, () => table.delete({ Key: { pk: pk!, sk: sk! }, ...condition })));
  });
};

const removedIn = ({ k, i }: Item): Removed => ({
  partition: k?.S ?? '',
  ...(i?.N === undefined ? {} : { incarnation: Number(i.N) }),
});

export const createDynamoRemains = (options: TableOptions): Remains => {
  const table = new Table(options);
  return {
    clear: async () => {
      const old = {
        KeyConditionExpression: 'pk = :pk AND sk < :until',
        ExpressionAttributeValues: {
          ':pk': { S: REMAINS_PARTITION },
          ':until': { S: remainsUntil(options.clock.now() - QUIET_MS) },
        },
      };
      for (const note of await table.queryAll(old, NOTES_PER_CALL)) {
        await clearRemoved(table, removedIn(note));
        await untilAnswered(table, () => table.delete({ Key: { pk: note['pk']!, sk: note['sk']! } }));
      }
    },
  };
};
