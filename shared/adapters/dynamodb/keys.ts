import { type GroupName, parseTenantId, parseTopicId, type TenantId, type TopicId } from '../../contract/ids.ts';
import type { PartitionRef } from '../../ports/offset-store.ts';
import type { DeliveryRef } from '../../ports/subscription-store.ts';
import type { Key } from './table.ts';

/*
 * Every partition key begins with its tenant and a slash, which no name holds, so that no tenant is a prefix of another. What belongs
 * to the operator is under `_operator`, which no tenant can be called.
 */
export const stringKey = (pk: string, sk: string): Key => ({ pk: { S: pk }, sk: { S: sk } });

/** 16 digits hold every safe integer, and sort as the numbers do. */
const digits = (value: number): string => String(value).padStart(16, '0');

export const partitionKey = (tenant: TenantId, { topicId, partition }: PartitionRef): string =>
  `${tenant}/log/${topicId}/${partition}`;

/** Whose topic a partition key that `partitionKey` has made is of; undefined for any other key. */
export const topicIn = (key: string): { readonly tenant: TenantId; readonly topicId: TopicId } | undefined => {
  const [owner = '', kind, id = ''] = key.split('/');
  const [tenant, topicId] = [parseTenantId(owner), parseTopicId(id)];
  return kind === 'log' && tenant !== undefined && topicId !== undefined ? { tenant, topicId } : undefined;
};

/** Behind every segment and before the buckets of the time index. */
export const HEAD_SORT_KEY = 't';
/** By the offset behind the segment's last record: the first one that is greater than an offset holds it. */
export const segmentSortKey = (endOffset: number): string => `s${digits(endOffset)}`;
export const endOffsetIn = (sortKey: string): number => Number(sortKey.slice(1));

export const headKey = (tenant: TenantId, ref: PartitionRef): Key =>
  stringKey(partitionKey(tenant, ref), HEAD_SORT_KEY);
export const segmentKey = (tenant: TenantId, ref: PartitionRef, endOffset: number): Key =>
  stringKey(partitionKey(tenant, ref), segmentSortKey(endOffset));
export const bucketKey = (tenant: TenantId, ref: PartitionRef, level: number, bucket: number): Key =>
  stringKey(partitionKey(tenant, ref), `x${level}/${digits(bucket)}`);

export const idempotencyKey = (tenant: TenantId, key: string): Key => stringKey(`${tenant}/idempotency/${key}`, 'i');
export const inlineBlobKey = (tenant: TenantId, id: string): Key => stringKey(`${tenant}/blob/${id}`, 'b');
export const droppedTopicKey = (tenant: TenantId, topicId: TopicId): Key => stringKey(`${tenant}/dropped`, topicId);

export const topicsPartition = (tenant: TenantId): string => `${tenant}/topics`;
/** The names of a tenant's groups. */
export const groupsPartition = (tenant: TenantId): string => `${tenant}/groups`;
/** All of one group. */
export const groupPartition = (tenant: TenantId, group: GroupName): string => `${tenant}/group/${group}`;
export const subscriptionsPartition = (tenant: TenantId): string => `${tenant}/subscriptions`;
/** The ids of those to one topic. */
export const topicSubscriptionsPartition = (tenant: TenantId, topicId: TopicId): string =>
  `${tenant}/pushed/${topicId}`;
/** The names of all tenants' subscriptions. */
export const SUBSCRIPTIONS_OF_ALL = '_operator/subscriptions';
/** What a subscription has done: its deliveries, and its attempts. */
export const deliveriesPartition = (tenant: TenantId, uid: string): string => `${tenant}/push/${uid}`;
/** What the sort key of a delivery begins with. */
export const DELIVERY = 'd';
export const deliveryKey = (tenant: TenantId, { uid, partition }: DeliveryRef): Key =>
  stringKey(deliveriesPartition(tenant, uid), DELIVERY + digits(partition));
export const keysPartition = (tenant: TenantId): string => `${tenant}/keys`;
export const secretKey = (tenant: TenantId, sha256: string): Key => stringKey(`${tenant}/secret/${sha256}`, 'k');
export const TENANTS_PARTITION = '_operator/tenants';

/** What is to be cleared up of all tenants, by the time of its removal. */
export const REMAINS_PARTITION = '_operator/remains';
export const remainsUntil = (time: number): string => digits(time);
export const remainsKey = (time: number, partition: string): Key =>
  stringKey(REMAINS_PARTITION, `${digits(time)}/${partition}`);

export const namedKey = (partition: string, name: string): Key => stringKey(partition, name);
