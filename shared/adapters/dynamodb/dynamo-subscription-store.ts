import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { TenantId } from '../../contract/ids.ts';
import { sideBySide } from '../../lib/side-by-side.ts';
import { sortedJson } from '../../lib/sorted-json.ts';
import {
  type Acquired,
  type Delivery,
  type DeliveryRef,
  FAILURES_KEPT_MS,
  type Lease,
  type Subscription,
  type SubscriptionStore,
  type TenantSubscription,
} from '../../ports/subscription-store.ts';
import { ATTEMPT, attemptIn, attemptItem } from './attempt-item.ts';
import { numberOf } from './head-item.ts';
import {
  DELIVERY,
  deliveriesPartition,
  deliveryKey,
  headKey,
  namedKey,
  SUBSCRIPTIONS_OF_ALL,
  stringKey,
  subscriptionsPartition,
} from './keys.ts';
import { listNamed, thingIn } from './named-items.ts';
import { type Item, Table, type TableOptions } from './table.ts';
import { TTL_ATTRIBUTE } from './table-definition.ts';
import { untilAnswered, writeIf } from './write-again.ts';

/*
 * A subscription is one item by its id, and one more in a list of all tenants', for the workers. What it has done in a partition is
 * one item with the lease: `o` owner, `e` when it ends, `v` the delivery. Attempts are an item each, which ends by itself.
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

const deliveriesOf = (table: Table, tenant: TenantId, uid: string): Promise<Item[]> =>
  table.queryAll({
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': { S: deliveriesPartition(tenant, uid) }, ':prefix': { S: DELIVERY } },
  });

/** Heads that say so let their commits wake the workers (`p`); partitions that come later take it from the first one. */
const markHeads = (table: Table, tenant: TenantId, { topicId, startOffsets }: Subscription): Promise<void> =>
  sideBySide(startOffsets.keys(), AT_ONCE, async (partition) => {
    await writeIf(table, () =>
      table.update({
        Key: { ...headKey(tenant, { topicId, partition }) },
        UpdateExpression: 'SET p = :one',
        ConditionExpression: 'attribute_exists(f)',
        ExpressionAttributeValues: { ':one': numberOf(1) },
      }),
    );
  });

const create = async (table: Table, tenant: TenantId, made: Subscription): Promise<boolean> => {
  const item = { ...itemKey(tenant, made), ...fieldsOf(made) };
  const inListOfAll = { ...ofAllKey(tenant, made), t: { S: tenant }, i: { S: made.id } };
  const created = await writeIf(table, () =>
    table.transact([
      { Put: { Item: item, ConditionExpression: 'attribute_not_exists(pk)' } },
      { Put: { Item: inListOfAll } },
    ]),
  );
  if (created) await markHeads(table, tenant, made);
  return created;
};

const replace = async (table: Table, tenant: TenantId, seen: Subscription, next: Subscription): Promise<boolean> => {
  const replaced = await writeIf(table, () =>
    table.put({
      Item: { ...itemKey(tenant, next), ...fieldsOf(next) },
      ConditionExpression: 'u = :u AND n = :n',
      ExpressionAttributeValues: { ':u': { S: seen.uid }, ':n': numberOf(seen.revision) },
    }),
  );
  // A start that was settled anew knows the partitions of now.
  if (replaced && next.epoch !== seen.epoch) await markHeads(table, tenant, next);
  return replaced;
};

const remove = async (table: Table, tenant: TenantId, seen: Subscription): Promise<boolean> => {
  const condition = { ConditionExpression: 'u = :u', ExpressionAttributeValues: { ':u': { S: seen.uid } } };
  const removed = await writeIf(table, () =>
    table.transact([
      { Delete: { Key: { ...itemKey(tenant, seen) }, ...condition } },
      { Delete: { Key: { ...ofAllKey(tenant, seen) } } },
    ]),
  );
  if (!removed) return false;
  const left = await table.queryPartition(deliveriesPartition(tenant, seen.uid));
  const keys = left.map(({ pk, sk }) => ({ pk: pk!, sk: sk! }));
  await sideBySide(keys, AT_ONCE, (Key) => untilAnswered(table, () => table.delete({ Key })));
  return true;
};

const all = async (table: Table): Promise<TenantSubscription[]> => {
  const names = await table.queryPartition(SUBSCRIPTIONS_OF_ALL);
  const keys = names.map(({ t, i }) => namedKey(subscriptionsPartition(t!.S as TenantId), i!.S!));
  const items = await table.getMany(keys);
  return items.map((item) => ({
    tenant: item['pk']!.S!.split('/')[0] as TenantId,
    subscription: thingIn<Subscription>(item)!,
  }));
};

const acquire = async (
  table: Table,
  tenant: TenantId,
  ref: DeliveryRef,
  { owner, expiresAt }: Lease,
  nowMs: number,
): Promise<Acquired> => {
  try {
    const item = await untilAnswered(table, () =>
      table.update({
        Key: { ...deliveryKey(tenant, ref) },
        UpdateExpression: 'SET o = :o, e = :e',
        ConditionExpression: 'attribute_not_exists(o) OR o = :o OR e <= :now',
        ExpressionAttributeValues: { ':o': { S: owner }, ':e': numberOf(expiresAt), ':now': numberOf(nowMs) },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { kind: 'acquired', delivery: thingIn<Delivery>(item) };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { kind: 'held', expiresAt: Number(error.Item?.['e']?.N ?? expiresAt) };
  }
};

const save = (table: Table, tenant: TenantId, ref: DeliveryRef, lease: Lease, delivery: Delivery): Promise<boolean> =>
  writeIf(table, () =>
    // The same state twice is the same state.
    untilAnswered(table, () =>
      table.update({
        Key: { ...deliveryKey(tenant, ref) },
        UpdateExpression: 'SET v = :v, e = :e',
        ConditionExpression: 'o = :o',
        ExpressionAttributeValues: {
          ':v': { S: sortedJson(delivery) },
          ':e': numberOf(lease.expiresAt),
          ':o': { S: lease.owner },
        },
      }),
    ),
  );

const release = async (table: Table, tenant: TenantId, ref: DeliveryRef, owner: string): Promise<void> => {
  await writeIf(table, () =>
    // Free twice is free.
    untilAnswered(table, () =>
      table.update({
        Key: { ...deliveryKey(tenant, ref) },
        UpdateExpression: 'REMOVE o, e',
        ConditionExpression: 'o = :o',
        ExpressionAttributeValues: { ':o': { S: owner } },
      }),
    ),
  );
};

const partitionIn = (item: Item): number => Number(item['sk']?.S?.slice(1));

export const createDynamoSubscriptionStore = (options: TableOptions): SubscriptionStore => {
  const table = new Table(options);
  return {
    create: (tenant, subscription) => create(table, tenant, subscription),
    get: async (tenant, id) => thingIn<Subscription>(await table.get(itemKey(tenant, { id }))),
    list: async (tenant, page) =>
      (await listNamed(table, subscriptionsPartition(tenant), page)).map((item) => thingIn<Subscription>(item)!),
    replace: (tenant, seen, next) => replace(table, tenant, seen, next),
    remove: (tenant, subscription) => remove(table, tenant, subscription),
    all: () => all(table),
    acquire: (tenant, ref, lease, nowMs) => acquire(table, tenant, ref, lease, nowMs),
    save: (tenant, ref, lease, delivery) => save(table, tenant, ref, lease, delivery),
    release: (tenant, ref, owner) => release(table, tenant, ref, owner),
    deliveries: async (tenant, uid) => {
      const items = await deliveriesOf(table, tenant, uid);
      const saved = items.map((item) => [partitionIn(item), thingIn<Delivery>(item)] as const);
      return new Map(saved.filter((row): row is readonly [number, Delivery] => row[1] !== undefined));
    },
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
