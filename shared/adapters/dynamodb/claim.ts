import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { TenantId } from '../../contract/ids.ts';
import { type Claim, type IdempotencyRecord, IndexDamagedError } from '../../ports/offset-store.ts';
import { type Begun, begunIn } from './begun-key.ts';
import { secondsAfter } from './finish-update.ts';
import { bytesValue, numberOf } from './head-item.ts';
import { idempotencyKey } from './keys.ts';
import type { Item, Put, Table, Update } from './table.ts';
import { untilAnswered, writeIf } from './write-again.ts';

/*
 * An idempotency key: p  fingerprint, c  when it was claimed (ms), o  by which call, e  when its answer ends (ms), a  the answer, once
 * there is one, ttl  when DynamoDB may delete it (s). What it has besides while its request is committed in steps: `begun-key.ts`.
 */

/** After this time, in milliseconds, a claim that was neither committed nor released has no owner any more. */
const CLAIM_MS = 60_000;
/** Without an owner, or this call's. */
const FREE = 'attribute_not_exists(a) AND (c <= :abandoned OR o = :owner)';
const CLAIMABLE = [
  'attribute_not_exists(pk)',
  `(attribute_not_exists(l) AND ${FREE})`,
  '((attribute_exists(a) OR attribute_exists(l)) AND e <= :over)',
].join(' OR ');

/** Of the call, so that it knows its own claim again when an answer was lost. */
const ownerOf = (table: Table): AttributeValue => numberOf(Math.floor(table.world.fraction() * 2 ** 48));

const fingerprintIn = (item: Item | undefined): Uint8Array => {
  const fingerprint = item?.['p']?.B;
  if (fingerprint === undefined) throw new IndexDamagedError(`idempotency key ${item?.['pk']?.S}`);
  return fingerprint;
};

const readClaim = (item: Item | undefined): Claim => {
  const answer = item?.['a']?.B;
  return answer === undefined ? { kind: 'in_flight' } : { kind: 'done', fingerprint: fingerprintIn(item), answer };
};

interface Call {
  readonly tenant: TenantId;
  readonly record: IdempotencyRecord;
  readonly now: number;
  readonly owner: AttributeValue;
}

const claimWrite = ({ tenant, record, now, owner }: Call): Put => ({
  Item: {
    ...idempotencyKey(tenant, record.key),
    p: bytesValue(record.fingerprint),
    c: numberOf(now),
    o: owner,
    e: numberOf(record.expiresAt),
    ttl: numberOf(secondsAfter(record.expiresAt)),
  },
  ConditionExpression: CLAIMABLE,
  ExpressionAttributeValues: {
    ':abandoned': numberOf(now - CLAIM_MS),
    ':over': numberOf(Math.max(now, record.voidUntil ?? 0)),
    ':owner': owner,
  },
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
});

/** What was begun stays as it is, and has another owner. */
const takeOver = ({ tenant, record, now, owner }: Call): Update => ({
  Key: { ...idempotencyKey(tenant, record.key) },
  UpdateExpression: 'SET c = :now, o = :owner',
  ConditionExpression: `attribute_exists(l) AND p = :fingerprint AND ${FREE}`,
  ExpressionAttributeValues: {
    ':now': numberOf(now),
    ':owner': owner,
    ':abandoned': numberOf(now - CLAIM_MS),
    ':fingerprint': bytesValue(record.fingerprint),
  },
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
});

/** What the owner of a key says of itself when it refuses `write`; undefined: it was written. */
const refusalTo = async (
  table: Table,
  write: () => Promise<unknown>,
): Promise<{ item: Item | undefined } | undefined> => {
  try {
    await untilAnswered(table, write);
    return undefined;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return { item: error.Item };
    throw error;
  }
};

/** A key whose request was begun by a call that has gone is taken over by the same request; another one is told of it. */
const claimBegun = async (table: Table, call: Call, item: Item | undefined, begun: Begun): Promise<Claim> => {
  const { topicId, plan } = begun;
  const told: Claim = { kind: 'begun', fingerprint: fingerprintIn(item), topicId, answer: plan };
  if (Number(item?.['c']?.N) > call.now - CLAIM_MS) return { kind: 'in_flight' };
  if (Buffer.compare(told.fingerprint, call.record.fingerprint) !== 0) return told;
  const refused = await refusalTo(table, () => table.update(takeOver(call)));
  return refused === undefined ? told : readClaim(refused.item);
};

/** The port's `claim`: one write, which the key's owner refuses and tells of itself. */
export const claim = async (table: Table, tenant: TenantId, record: IdempotencyRecord, now: number): Promise<Claim> => {
  const call = { tenant, record, now, owner: ownerOf(table) };
  const refused = await refusalTo(table, () => table.put(claimWrite(call)));
  if (refused === undefined) return { kind: 'claimed' };
  const begun = begunIn(refused.item);
  return begun === undefined ? readClaim(refused.item) : claimBegun(table, call, refused.item, begun);
};

export const claimNotHeld = (cause: unknown): Error =>
  new Error('The claim of an idempotency key is not held.', { cause });

/** What has been begun and is in part committed keeps its key, for whoever goes on with it. */
const handBack = (table: Table, tenant: TenantId, key: string): Promise<boolean> =>
  writeIf(table, () =>
    table.update({
      Key: { ...idempotencyKey(tenant, key) },
      UpdateExpression: 'SET c = :long_ago',
      ConditionExpression: 'attribute_exists(l) AND attribute_not_exists(a)',
      ExpressionAttributeValues: { ':long_ago': numberOf(0) },
    }),
  );

export const release = async (table: Table, tenant: TenantId, key: string): Promise<void> => {
  const isReleased = await writeIf(table, () =>
    table.delete({
      Key: { ...idempotencyKey(tenant, key) },
      ConditionExpression: 'attribute_not_exists(a) AND (attribute_not_exists(l) OR size(l) = :none)',
      ExpressionAttributeValues: { ':none': numberOf(0) },
    }),
  );
  if (!isReleased) await handBack(table, tenant, key);
};
