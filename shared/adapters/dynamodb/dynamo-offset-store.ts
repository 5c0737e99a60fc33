import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { TenantId } from '../../contract/ids.ts';
import type { Head, OffsetStore, PartitionRef } from '../../ports/offset-store.ts';
import { claim, release } from './claim.ts';
import { commit, type OffsetContext } from './commit.ts';
import { commitAtomic } from './commit-atomic.ts';
import { findTimestamp } from './find-timestamp.ts';
import { numberOf } from './head-item.ts';
import { headKey } from './keys.ts';
import { createPartitions, dropPartitions } from './partitions.ts';
import { readHead, readHeads } from './read-heads.ts';
import { readIndex } from './read-index.ts';
import { seal } from './seal.ts';
import { SealedMemory } from './sealed-memory.ts';
import { Table, type TableOptions } from './table.ts';
import { trim } from './trim.ts';
import { afterConflicts } from './write-again.ts';

const bumpFence = async (
  { table, memory }: OffsetContext,
  tenant: TenantId,
  ref: PartitionRef,
): Promise<Head | undefined> => {
  const update = {
    Key: { ...headKey(tenant, ref) },
    UpdateExpression: 'SET f = f + :one',
    ConditionExpression: 'attribute_exists(f)',
    ExpressionAttributeValues: { ':one': numberOf(1) },
    ReturnValues: 'ALL_NEW',
  } as const;
  try {
    return memory.decodeHead(await afterConflicts(table, () => table.update(update)));
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
};

export interface OffsetStoreOptions extends TableOptions {
  /** Partitions that one transaction commits to together with an idempotency key (99, for it takes 100 items). */
  readonly mostAppends?: number;
}

/** Offsets and index in one DynamoDB table. docs/storage.md has every item with its sizes and its cost. */
export const createDynamoOffsetStore = (options: OffsetStoreOptions): OffsetStore => {
  const table = new Table(options);
  const context: OffsetContext = { table, memory: new SealedMemory(), mostAppends: options.mostAppends ?? 99 };
  return {
    createPartitions: (tenant, topicId, from, to) => createPartitions(table, tenant, topicId, from, to),
    dropPartitions: (tenant, topicId, partitions) => dropPartitions(table, tenant, topicId, partitions),
    commit: (tenant, topicId, append) => commit(context, tenant, topicId, append),
    commitAtomic: (tenant, topicId, appends, record, answerOf) =>
      commitAtomic(context, { tenant, topicId, appends, record, answerOf }),
    claim: (tenant, record, now) => claim(table, tenant, record, now),
    release: (tenant, key) => release(table, tenant, key),
    seal: (tenant, ref, baseOffset, entries) => seal(context, { tenant, ref, baseOffset, entries }),
    bumpFence: (tenant, ref) => bumpFence(context, tenant, ref),
    trim: (tenant, ref, beforeOffset) => trim(context, tenant, ref, beforeOffset),
    readHead: (tenant, ref) => readHead(context, tenant, ref),
    readHeads: (tenant, refs) => readHeads(context, tenant, refs),
    readIndex: (tenant, ref, offset, limit) => readIndex(context, tenant, ref, offset, limit),
    findTimestamp: (tenant, ref, timestamp) => findTimestamp(context, tenant, ref, timestamp),
  };
};
