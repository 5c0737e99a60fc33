import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { timeOfUuid } from '../../lib/uuid-time.ts';
import { type BlobKeeping, GRACE_MS } from '../../ports/blob-keeping.ts';
import { numberOf } from './head-item.ts';
import { inlineBlobKey } from './keys.ts';
import { Table, type TableOptions, type Update } from './table.ts';
import { TTL_ATTRIBUTE } from './table-definition.ts';
import { untilAnswered, writeIf } from './write-again.ts';

/** When DynamoDB may delete a blob, in seconds as it wants them. It does so some time after, for nothing. */
export const endOf = (storedAt: number, keepMs: number): AttributeValue =>
  numberOf(Math.ceil((storedAt + keepMs + GRACE_MS) / 1000));

type Change = Omit<Update, 'Key'>;

const WITHOUT_END: Change = { UpdateExpression: 'REMOVE #ttl', ConditionExpression: 'attribute_exists(#ttl)' };

const withEnd = (end: AttributeValue): Change => ({
  UpdateExpression: 'SET #ttl = :end',
  ConditionExpression: '#ttl < :end',
  ExpressionAttributeValues: { ':end': end },
});

/** The port for items: one write for each blob, refused where it is kept for as long already, or is gone. */
export const createInlineBlobKeeping = (options: TableOptions): BlobKeeping => {
  const table = new Table(options);
  return {
    keepLonger: async (tenant, { kind, id }, keepMs) => {
      if (kind !== 'inline') return;
      const update: Update = {
        Key: { ...inlineBlobKey(tenant, id) },
        ...(keepMs === undefined ? WITHOUT_END : withEnd(endOf(timeOfUuid(id) ?? options.clock.now(), keepMs))),
        ExpressionAttributeNames: { '#ttl': TTL_ATTRIBUTE },
      };
      await untilAnswered(table, () => writeIf(table, () => table.update(update)));
    },
  };
};
