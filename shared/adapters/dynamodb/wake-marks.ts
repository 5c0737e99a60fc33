import type { TenantId, TopicId } from '../../contract/ids.ts';
import type { Topic } from '../../contract/topic.ts';
import { sideBySide } from '../../lib/side-by-side.ts';
import type { Subscription } from '../../ports/subscription-store.ts';
import { numberOf } from './head-item.ts';
import { headKey, namedKey, topicsPartition } from './keys.ts';
import { thingIn } from './named-items.ts';
import type { Table } from './table.ts';
import { writeIf } from './write-again.ts';

/*
 * Heads that are marked (`p`) let their commits wake the workers, so that a topic without subscriptions wakes nobody. Partitions that come
 * later take the mark from the first one; those that came while it was made are found behind the ones that were known.
 */

const AT_ONCE = 16;

type Change = Pick<Parameters<Table['update']>[0], 'UpdateExpression' | 'ExpressionAttributeValues'>;

const MARK: Change = { UpdateExpression: 'SET p = :one', ExpressionAttributeValues: { ':one': numberOf(1) } };
const UNMARK: Change = { UpdateExpression: 'REMOVE p' };

/** False: there is no such partition. */
const change = (
  table: Table,
  tenant: TenantId,
  topicId: TopicId,
  partition: number,
  update: Change,
): Promise<boolean> =>
  writeIf(table, () =>
    table.update({
      ...update,
      Key: { ...headKey(tenant, { topicId, partition }) },
      ConditionExpression: 'attribute_exists(f)',
    }),
  );

export const markPartitions = (
  table: Table,
  tenant: TenantId,
  topicId: TopicId,
  partitions: Iterable<number>,
): Promise<void> =>
  sideBySide(partitions, AT_ONCE, async (partition) => {
    await change(table, tenant, topicId, partition, MARK);
  });

export const markHeads = async (
  table: Table,
  tenant: TenantId,
  { topicId, startOffsets }: Subscription,
): Promise<void> => {
  await markPartitions(table, tenant, topicId, startOffsets.keys());
  for (let partition = startOffsets.length; await change(table, tenant, topicId, partition, MARK); ) partition += 1;
};

/** A topic that was deleted has no heads any more whose commits could wake anybody. */
export const unmarkHeads = async (table: Table, tenant: TenantId, { topic, topicId }: Subscription): Promise<void> => {
  const found = thingIn<Topic>(await table.get(namedKey(topicsPartition(tenant), topic)));
  if (found?.id !== topicId) return;
  await sideBySide(Array(found.partitions).keys(), AT_ONCE, async (partition) => {
    await change(table, tenant, topicId, partition, UNMARK);
  });
};
