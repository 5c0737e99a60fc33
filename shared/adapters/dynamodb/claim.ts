import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { TenantId } from '../../contract/ids.ts';
import { type Claim, type IdempotencyRecord, IndexDamagedError } from '../../ports/offset-store.ts';
import { bytesValue, numberOf } from './head-item.ts';
import { idempotencyKey } from './keys.ts';
import type { Item, Put, Table, Update } from './table.ts';
import { untilAnswered } from './write-again.ts';

/*
 * An idempotency key: p  fingerprint, c  when it was claimed (ms), o  by which call, e  when its answer ends (ms), a  the answer, once
 * there is one, ttl  when DynamoDB may delete it (s).
 */

/** After this time, in milliseconds, a claim that was neither committed nor released has no owner any more. */
const CLAIM_MS = 60_000;
const CLAIMABLE = [
  'attribute_not_exists(pk)',
  '(attribute_not_exists(a) AND (c <= :abandoned OR o = :owner))',
  '(attribute_exists(a) AND e <= :over)',
].join(' OR ');

const secondsAfter = (ms: number): number => Math.ceil(ms / 1000);

const readClaim = (item: Item | undefined): Claim => {
  const answer = item?.['a']?.B;
  if (answer === undefined) return { kind: 'in_flight' };
  const fingerprint = item?.['p']?.B;
  if (fingerprint === undefined) throw new IndexDamagedError(`idempotency key ${item?.['pk']?.S}`);
  return { kind: 'done', fingerprint, answer };
};

/** Of a call, so that it knows its own claim again when an answer was lost. */
const ownerOf = (table: Table): AttributeValue => numberOf(Math.floor(table.world.fraction() * 2 ** 48));

/** The port's `claim`: one write, which the key's owner refuses and tells of itself. */
export const claim = async (table: Table, tenant: TenantId, record: IdempotencyRecord, now: number): Promise<Claim> => {
  const owner = ownerOf(table);
  const over = Math.max(now, record.voidUntil ?? 0);
  const put: Put = {
    Item: {
      ...idempotencyKey(tenant, record.key),
      p: bytesValue(record.fingerprint),
      c: numberOf(now),
      o: owner,
      e: numberOf(record.expiresAt),
      ttl: numberOf(secondsAfter(record.expiresAt)),
    },
    ConditionExpression: CLAIMABLE,
    ExpressionAttributeValues: { ':abandoned': numberOf(now - CLAIM_MS), ':over': numberOf(over), ':owner': owner },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
  try {
    await untilAnswered(table, () => table.put(put));
    return { kind: 'claimed' };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return readClaim(error.Item);
    throw error;
  }
};

export const release = async (table: Table, tenant: TenantId, key: string): Promise<void> => {
  try {
    await table.delete({ Key: { ...idempotencyKey(tenant, key) }, ConditionExpression: 'attribute_not_exists(a)' });
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
};

/** The answer, kept in the transaction that commits what it answers. Fails when the claim is not held for this request. */
export const finishUpdate = (tenant: TenantId, record: IdempotencyRecord, answer: Uint8Array): Update => ({
  Key: { ...idempotencyKey(tenant, record.key) },
  UpdateExpression: 'SET a = :answer, e = :expiresAt, #ttl = :ttl',
  ConditionExpression: 'p = :fingerprint AND attribute_not_exists(a)',
  ExpressionAttributeNames: { '#ttl': 'ttl' },
  ExpressionAttributeValues: {
    ':answer': bytesValue(answer),
    ':fingerprint': bytesValue(record.fingerprint),
    ':expiresAt': numberOf(record.expiresAt),
    ':ttl': numberOf(secondsAfter(record.expiresAt)),
  },
});
