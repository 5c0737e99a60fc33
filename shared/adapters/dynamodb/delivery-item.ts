import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { TenantId } from '../../contract/ids.ts';
import { sortedJson } from '../../lib/sorted-json.ts';
import type { Acquired, Delivery, DeliveryRef, Lease } from '../../ports/subscription-store.ts';
import { numberOf } from './head-item.ts';
import { DELIVERY, deliveriesPartition, deliveryKey } from './keys.ts';
import { thingIn } from './named-items.ts';
import type { Item, Table } from './table.ts';
import { untilAnswered, writeIf } from './write-again.ts';

/* What a subscription has done in a partition, with its lease: `o` owner, `e` when it ends, `v` the delivery. */

export const acquire = async (
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

export const save = (
  table: Table,
  tenant: TenantId,
  ref: DeliveryRef,
  lease: Lease,
  delivery: Delivery,
): Promise<boolean> =>
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

export const release = async (table: Table, tenant: TenantId, ref: DeliveryRef, owner: string): Promise<void> => {
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

export const deliveriesOf = async (table: Table, tenant: TenantId, uid: string): Promise<Map<number, Delivery>> => {
  const items = await table.queryAll({
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': { S: deliveriesPartition(tenant, uid) }, ':prefix': { S: DELIVERY } },
  });
  const saved = items.map((item) => [partitionIn(item), thingIn<Delivery>(item)] as const);
  return new Map(saved.filter((row): row is readonly [number, Delivery] => row[1] !== undefined));
};
