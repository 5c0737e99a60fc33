import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { TenantId, TopicId } from '../../contract/ids.ts';
import {
  type Append,
  type AppendOutcome,
  IndexDamagedError,
  type Refusal,
  TAIL_LIMIT,
  UnknownOutcomeError,
} from '../../ports/offset-store.ts';
import { encodeEntry } from './encoding/entry-codec.ts';
import { bytesValue, numberOf, refusalOf } from './head-item.ts';
import { headKey } from './keys.ts';
import type { SealedMemory } from './sealed-memory.ts';
import type { Item, Table, Update } from './table.ts';
import { afterConflicts } from './write-again.ts';

/** The write that commits, as an `UpdateItem` or as a part of a transaction. `atOffset`: only at this high watermark. */
export const appendUpdate = (tenant: TenantId, topicId: TopicId, append: Append, atOffset?: number): Update => {
  const { partition, entry, fence } = append;
  const values: Item = {
    ':entry': { L: [bytesValue(encodeEntry(entry))] },
    ':count': numberOf(entry.count),
    ':fence': numberOf(fence),
    ':limit': numberOf(TAIL_LIMIT),
  };
  if (atOffset !== undefined) values[':offset'] = numberOf(atOffset);
  return {
    Key: { ...headKey(tenant, { topicId, partition }) },
    UpdateExpression: 'SET t = list_append(t, :entry), n = n + :count',
    ConditionExpression: `f = :fence AND size(t) < :limit${atOffset === undefined ? '' : ' AND n = :offset'}`,
    ExpressionAttributeValues: values,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
};

export interface OffsetContext {
  readonly table: Table;
  readonly memory: SealedMemory;
  /** Of a transaction that an idempotency key is part of. */
  readonly mostAppends: number;
}

const refused = ({ memory }: OffsetContext, error: ConditionalCheckFailedException, append: Append): Refusal => {
  const refusal = refusalOf(memory.decodeHead(error.Item), append);
  // Told no reason, the caller would try for ever.
  if (refusal === undefined) throw new IndexDamagedError('head: refused for no reason', { cause: error });
  return refusal;
};

/** What was written has to be told as written, or as unknown when it cannot be read. */
const committed = ({ memory }: OffsetContext, item: Item, append: Append): AppendOutcome => {
  try {
    const head = memory.decodeHead(item);
    if (head === undefined) throw new TypeError('Committed to no head.');
    return { kind: 'committed', baseOffset: head.nextOffset - append.entry.count, head };
  } catch (error) {
    throw new UnknownOutcomeError({ cause: error });
  }
};

/** The port's `commit`: one `UpdateItem`, and no read whatever it answers. */
export const commit = async (
  context: OffsetContext,
  tenant: TenantId,
  topicId: TopicId,
  append: Append,
): Promise<AppendOutcome> => {
  const update: Update = {
    ...appendUpdate(tenant, topicId, append, append.expectedOffset),
    ReturnValues: 'ALL_NEW',
  };
  try {
    const item = await afterConflicts(context.table, () => context.table.update(update));
    return committed(context, item, append);
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return refused(context, error, append);
    throw error;
  }
};
