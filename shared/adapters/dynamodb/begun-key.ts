import type { TenantId, TopicId } from '../../contract/ids.ts';
import { type IdempotencyRecord, IndexDamagedError } from '../../ports/offset-store.ts';
import { finishUpdate } from './finish-update.ts';
import { bytesValue, numberOf } from './head-item.ts';
import { idempotencyKey } from './keys.ts';
import type { Item, Update } from './table.ts';

/*
 * An idempotency key whose request goes to more partitions than a transaction takes, until the last of them is committed:
 * i  topic id, k  the answer of no offsets, which is what was decided before the first, l  base offsets of what is committed so far.
 */

export interface Begun {
  readonly topicId: TopicId;
  readonly plan: Uint8Array;
  /** Of the first appends, in order. */
  readonly baseOffsets: readonly number[];
}

/** Undefined where the key is not of that kind. */
export const begunIn = (item: Item | undefined): Begun | undefined => {
  const [topicId, plan, offsets] = [item?.['i']?.S, item?.['k']?.B, item?.['l']?.L];
  if (offsets === undefined) return undefined;
  if (topicId === undefined || plan === undefined) throw new IndexDamagedError(`idempotency key ${item?.['pk']?.S}`);
  return { topicId: topicId as TopicId, plan, baseOffsets: offsets.map(({ N }) => Number(N)) };
};

/**
 * Notes a plan, once. Another plan takes its place only when that was for a topic of the same name which has been deleted since: ids begin
 * with the time, so that nobody who is late brings an older one back.
 */
export const beginUpdate = (tenant: TenantId, record: IdempotencyRecord, { topicId, plan }: Begun): Update => ({
  Key: { ...idempotencyKey(tenant, record.key) },
  UpdateExpression: 'SET i = :topic, k = :plan, l = :none',
  ConditionExpression: 'p = :fingerprint AND attribute_not_exists(a) AND (attribute_not_exists(l) OR i < :topic)',
  ExpressionAttributeValues: {
    ':topic': { S: topicId },
    ':plan': bytesValue(plan),
    ':none': { L: [] },
    ':fingerprint': bytesValue(record.fingerprint),
  },
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
});

interface Step {
  readonly tenant: TenantId;
  readonly record: IdempotencyRecord;
  readonly begun: Begun;
  /** Of the appends of this step. */
  readonly baseOffsets: readonly number[];
}

/** The key tells of as many appends as this step follows: so each step is done once, whoever does it, however often it is sent. */
const FOLLOWS = 'p = :fingerprint AND attribute_not_exists(a) AND i = :topic AND k = :plan AND size(l) = :before';
const followsValues = ({ record, begun: { topicId, plan, baseOffsets } }: Step): Item => ({
  ':fingerprint': bytesValue(record.fingerprint),
  ':topic': { S: topicId },
  ':plan': bytesValue(plan),
  ':before': numberOf(baseOffsets.length),
});

/** Adds the base offsets of the next appends. */
export const stepUpdate = (step: Step): Update => ({
  Key: { ...idempotencyKey(step.tenant, step.record.key) },
  UpdateExpression: 'SET l = list_append(l, :offsets)',
  ConditionExpression: FOLLOWS,
  ExpressionAttributeValues: { ...followsValues(step), ':offsets': { L: step.baseOffsets.map(numberOf) } },
});

/** Leaves the answer instead of what led to it. */
export const lastStepUpdate = (step: Step, answer: Uint8Array): Update => {
  const finish = finishUpdate(step.tenant, step.record, answer);
  return {
    ...finish,
    UpdateExpression: `${finish.UpdateExpression} REMOVE i, k, l`,
    ConditionExpression: FOLLOWS,
    ExpressionAttributeValues: { ...finish.ExpressionAttributeValues, ...followsValues(step) },
  };
};
