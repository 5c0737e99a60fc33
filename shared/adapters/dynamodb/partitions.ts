import type { TenantId, TopicId } from '../../contract/ids.ts';
import { sideBySide } from '../../lib/side-by-side.ts';
import type { PartitionRef } from '../../ports/offset-store.ts';
import { emptyHead, numberOf } from './head-item.ts';
import { droppedTopicKey, headKey } from './keys.ts';
import type { Item, Table } from './table.ts';
import { markPartitions } from './wake-marks.ts';
import { untilAnswered, writeIf } from './write-again.ts';

/** Requests under way at once: few enough for the connections of one client. */
const AT_ONCE = 24;

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(to - from, 0) }, (_, at) => from + at);

/** Partitions that come later wake deliveries as the first one does (`p`, which a subscription has set). */
const markOf = async (table: Table, tenant: TenantId, topicId: TopicId): Promise<Item> => {
  const first = await table.get(headKey(tenant, { topicId, partition: 0 }));
  return first?.['p'] === undefined ? {} : { p: first['p'] };
};

/** Where the first one was marked while these were made. */
const markLate = async (table: Table, tenant: TenantId, topicId: TopicId, made: readonly number[]): Promise<void> => {
  if ((await markOf(table, tenant, topicId))['p'] !== undefined) await markPartitions(table, tenant, topicId, made);
};

/** Heads that are there stay as they are, a dropped one too: a request that comes late must bring nothing back to life. */
export const createPartitions = async (
  table: Table,
  tenant: TenantId,
  topicId: TopicId,
  from: number,
  to: number,
): Promise<void> => {
  const mark = from === 0 ? {} : await markOf(table, tenant, topicId);
  await sideBySide(numbers(from, to), AT_ONCE, async (partition) => {
    const Item = { ...emptyHead(tenant, { topicId, partition }), ...mark };
    const put = { Item, ConditionExpression: 'attribute_not_exists(pk)' };
    await writeIf(table, () => untilAnswered(table, () => table.put(put)));
  });
  if (from > 0 && mark['p'] === undefined) await markLate(table, tenant, topicId, numbers(from, to));
};

const dropHead = async (table: Table, tenant: TenantId, ref: PartitionRef): Promise<void> => {
  const update = {
    Key: { ...headKey(tenant, ref) },
    // Without its fence no condition on it can hold; the tail stays, for it names blobs that have to be deleted.
    UpdateExpression: 'REMOVE f',
    ConditionExpression: 'attribute_exists(f)',
  };
  await writeIf(table, () => untilAnswered(table, () => table.update(update)));
};

/** First a note that this topic's heads, segments and blobs are to be cleared up, then each head is dropped. */
export const dropPartitions = async (
  table: Table,
  tenant: TenantId,
  topicId: TopicId,
  partitions: number,
): Promise<void> => {
  const note = { partitions: numberOf(partitions), droppedAt: numberOf(table.clock.now()) };
  await untilAnswered(table, () => table.put({ Item: { ...droppedTopicKey(tenant, topicId), ...note } }));
  await sideBySide(numbers(0, partitions), AT_ONCE, (partition) => dropHead(table, tenant, { topicId, partition }));
};
