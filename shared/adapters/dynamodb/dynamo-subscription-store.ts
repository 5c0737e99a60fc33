import type { TenantId, TopicId } from '../../contract/ids.ts';
import { sideBySide } from '../../lib/side-by-side.ts';
import { sortedJson } from '../../lib/sorted-json.ts';
import {
  FAILURES_KEPT_MS,
  type PageOfAll,
  type Subscription,
  type SubscriptionStore,
} from '../../ports/subscription-store.ts';
import { ATTEMPT, attemptIn, attemptItem } from './attempt-item.ts';
import { acquire, deliveriesOf, release, save } from './delivery-item.ts';
import { numberOf } from './head-item.ts';
import {
  deliveriesPartition,
  namedKey,
  SUBSCRIPTIONS_OF_ALL,
  stringKey,
  subscriptionsPartition,
  topicSubscriptionsPartition,
} from './keys.ts';
import { listNamed, thingIn } from './named-items.ts';
import { clearRemoved, noteOf } from './remains.ts';
import { type Item, Table, type TableOptions } from './table.ts';
import { TTL_ATTRIBUTE } from './table-definition.ts';
import { markHeads, unmarkHeads } from './wake-marks.ts';
import { untilAnswered, writeIf } from './write-again.ts';

/*
 * A subscription is one item by its id, and one more in each of two lists, for the workers: all tenants', and its topic's. What it has
 * done is under a key of its own (delivery-item.ts). Attempts are an item each, which ends by itself.
 */

const AT_ONCE = 16;

const fieldsOf = (subscription: Subscription): Item => ({
  v: { S: sortedJson(subscription) },
  u: { S: subscription.uid },
  n: numberOf(subscription.revision),
});

const itemKey = (tenant: TenantId, { id }: Pick<Subscription, 'id'>) => namedKey(subscriptionsPartition(tenant), id);
const ofAllKey = (tenant: TenantId, { id }: Pick<Subscription, 'id'>) =>
  stringKey(SUBSCRIPTIONS_OF_ALL, `${tenant}/${id}`);

const inTopicKey = (tenant: TenantId, { topicId, id }: Subscription) =>
  stringKey(topicSubscriptionsPartition(tenant, topicId), id);

const create = async (table: Table, tenant: TenantId, made: Subscription): Promise<boolean> => {
  const item = { ...itemKey(tenant, made), ...fieldsOf(made) };
  const inListOfAll = { ...ofAllKey(tenant, made), t: { S: tenant }, i: { S: made.id } };
  const created = await writeIf(table, () =>
    table.transact([
      { Put: { Item: item, ConditionExpression: 'attribute_not_exists(pk)' } },
      { Put: { Item: inListOfAll } },
      { Put: { Item: { ...inTopicKey(tenant, made) } } },
    ]),
  );
  if (created) await markHeads(table, tenant, made);
  return created;
};

const replace = async (table: Table, tenant: TenantId, seen: Subscription, next: Subscription): Promise<boolean> => {
  const put = {
    Item: { ...itemKey(tenant, next), ...fieldsOf(next) },
    ConditionExpression: 'u = :u AND n = :n',
    ExpressionAttributeValues: { ':u': { S: seen.uid }, ':n': numberOf(seen.revision) },
  };
  const toOtherTopic = (): Promise<void> =>
    table.transact([
      { Put: put },
      { Put: { Item: { ...inTopicKey(tenant, next) } } },
      { Delete: { Key: { ...inTopicKey(tenant, seen) } } },
    ]);
  const isSameTopic = next.topicId === seen.topicId;
  const replaced = await writeIf(table, () => (isSameTopic ? table.put(put) : toOtherTopic()));
  // A start that was settled anew knows the partitions of now.
  if (replaced && next.epoch !== seen.epoch) await markHeads(table, tenant, next);
  return replaced;
};

const remove = async (table: Table, tenant: TenantId, seen: Subscription): Promise<boolean> => {
  const condition = { ConditionExpression: 'u = :u', ExpressionAttributeValues: { ':u': { S: seen.uid } } };
  const removed = { partition: deliveriesPartition(tenant, seen.uid) };
  const isGone = await writeIf(table, () =>
    table.transact([
      { Delete: { Key: { ...itemKey(tenant, seen) }, ...condition } },
      { Delete: { Key: { ...ofAllKey(tenant, seen) } } },
      { Delete: { Key: { ...inTopicKey(tenant, seen) } } },
      noteOf(removed, table.clock.now()),
    ]),
  );
  if (!isGone) return false;
  await clearRemoved(table, removed);
  await unmarkIfLast(table, tenant, seen);
  return true;
};

/** Whoever made another one meanwhile has marked the heads, or finds here that it has to be done again. */
const unmarkIfLast = async (table: Table, tenant: TenantId, seen: Subscription): Promise<void> => {
  const hasOthers = async (): Promise<boolean> => (await idsOfTopic(table, tenant, seen.topicId, 1)).length > 0;
  if (await hasOthers()) return;
  await unmarkHeads(table, tenant, seen);
  if (await hasOthers()) await markHeads(table, tenant, seen);
};

const idsOfTopic = async (table: Table, tenant: TenantId, topicId: TopicId, limit?: number): Promise<string[]> => {
  const ofTopic = {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: topicSubscriptionsPartition(tenant, topicId) } },
  };
  return (await table.queryAll(ofTopic, limit)).map(({ sk }) => sk!.S!);
};

const ofTopic = async (table: Table, tenant: TenantId, topicId: TopicId): Promise<Subscription[]> => {
  const ids = await idsOfTopic(table, tenant, topicId);
  const items = await table.getMany(ids.map((id) => namedKey(subscriptionsPartition(tenant), id)));
  return items.map((item) => thingIn<Subscription>(item)!).filter((found) => found.topicId === topicId);
};

const pageOfAll = async (table: Table, after: string | undefined, limit: number): Promise<PageOfAll> => {
  const behind = {
    KeyConditionExpression: 'pk = :pk AND sk > :after',
    ExpressionAttributeValues: { ':pk': { S: SUBSCRIPTIONS_OF_ALL }, ':after': { S: after ?? ' ' } },
  };
  const names = await table.queryAll(behind, limit);
  const keys = names.map(({ t, i }) => namedKey(subscriptionsPartition(t!.S as TenantId), i!.S!));
  const found = (await table.getMany(keys)).map((item) => ({
    tenant: item['pk']!.S!.split('/')[0] as TenantId,
    subscription: thingIn<Subscription>(item)!,
  }));
  return { found, ...(names.length < limit ? {} : { next: names.at(-1)!['sk']!.S! }) };
};

export const createDynamoSubscriptionStore = (options: TableOptions): SubscriptionStore => {
  const table = new Table(options);
  return {
    create: (tenant, subscription) => create(table, tenant, subscription),
    get: async (tenant, id) => thingIn<Subscription>(await table.get(itemKey(tenant, { id }))),
    list: async (tenant, page) =>
      (await listNamed(table, subscriptionsPartition(tenant), page)).map((item) => thingIn<Subscription>(item)!),
    replace: (tenant, seen, next) => replace(table, tenant, seen, next),
    remove: (tenant, subscription) => remove(table, tenant, subscription),
    ofTopic: (tenant, topicId) => ofTopic(table, tenant, topicId),
    pageOfAll: ({ after, limit }) => pageOfAll(table, after, limit),
    acquire: (tenant, ref, lease, nowMs) => acquire(table, tenant, ref, lease, nowMs),
    save: (tenant, ref, lease, delivery) => save(table, tenant, ref, lease, delivery),
    release: (tenant, ref, owner) => release(table, tenant, ref, owner),
    deliveries: (tenant, uid) => deliveriesOf(table, tenant, uid),
    addAttempts: (tenant, uid, attempts, nowMs) => {
      const endsAt = Math.ceil((nowMs + FAILURES_KEPT_MS) / 1000);
      const ends: Item = { [TTL_ATTRIBUTE]: numberOf(endsAt) };
      return sideBySide(attempts, AT_ONCE, (attempt) =>
        untilAnswered(table, () => table.put({ Item: { ...attemptItem(tenant, uid, attempt), ...ends } })),
      );
    },
    attempts: async (tenant, uid, { before, limit }) => {
      const { items } = await table.query({
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':pk': { S: deliveriesPartition(tenant, uid) },
          ':from': { S: ATTEMPT },
          ':to': { S: `${ATTEMPT}${before ?? '~'}` },
        },
        ScanIndexForward: false,
        Limit: limit + 1,
      });
      return items
        .map(attemptIn)
        .filter(({ id }) => id !== before)
        .slice(0, limit);
    },
  };
};
