import type { TenantId } from '../../contract/ids.ts';
import type { IdempotencyRecord } from '../../ports/offset-store.ts';
import { bytesValue, numberOf } from './head-item.ts';
import { idempotencyKey } from './keys.ts';
import type { Update } from './table.ts';

/** DynamoDB's clock for deleting counts seconds. */
export const secondsAfter = (ms: number): number => Math.ceil(ms / 1000);

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
