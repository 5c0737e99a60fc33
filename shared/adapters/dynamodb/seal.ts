import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { TenantId } from '../../contract/ids.ts';
import { IndexDamagedError, type IndexEntry, type PartitionRef } from '../../ports/offset-store.ts';
import type { OffsetContext } from './commit.ts';
import { Encoder } from './encoding/byte-codec.ts';
import { encodeSealedState, type SealedState } from './encoding/sealed-state.ts';
import { bytesOf, encodeSegment, peakOf, recordsOf } from './encoding/segment-codec.ts';
import { type Note, sealOne } from './encoding/time-index.ts';
import { failureOf } from './failure.ts';
import { bytesValue, numberOf } from './head-item.ts';
import { bucketKey, headKey, partitionKey, segmentKey } from './keys.ts';
import type { TransactionPart } from './table.ts';
import { afterConflicts } from './write-again.ts';

/*
 * A seal is one transaction: the segment's item, its notes in the time index, and the cut of the head's tail, on condition that the
 * tail still begins where the sealer saw it begin. Nothing is read before it: what it has to know beyond the entries came with them.
 */

interface Seal {
  readonly tenant: TenantId;
  readonly ref: PartitionRef;
  readonly baseOffset: number;
  readonly entries: readonly IndexEntry[];
}

/** Downwards: DynamoDB takes the indexes in any order, MiniStack cuts wrong when they rise. */
const firstOfTail = (count: number): string =>
  Array.from({ length: count }, (_, at) => `t[${count - 1 - at}]`).join(', ');

const putSegment = ({ tenant, ref, baseOffset, entries }: Seal, { segments, bytes }: SealedState): TransactionPart => {
  const content = encodeSegment({ baseOffset, ordinal: segments, bytesBefore: bytes, entries });
  return {
    Put: {
      Item: { ...segmentKey(tenant, ref, baseOffset + recordsOf(entries)), d: bytesValue(content) },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
};

const cutTail = ({ tenant, ref, baseOffset, entries }: Seal, next: SealedState): TransactionPart => ({
  Update: {
    Key: { ...headKey(tenant, ref) },
    UpdateExpression: `SET b = b + :records, x = :sealed REMOVE ${firstOfTail(entries.length)}`,
    ConditionExpression: 'attribute_exists(f) AND b = :base AND size(t) >= :entries',
    ExpressionAttributeValues: {
      ':records': numberOf(recordsOf(entries)),
      ':sealed': bytesValue(encodeSealedState(next)),
      ':base': numberOf(baseOffset),
      ':entries': numberOf(entries.length),
    },
  },
});

/** Level 1 names the segment too; the others need no name, for their place is one. */
const addNote = ({ tenant, ref }: Seal, { level, bucket, place, peak }: Note, endOffset: number): TransactionPart => {
  const to = new Encoder().integer(peak);
  if (level === 1) to.integer(endOffset);
  return {
    Update: {
      Key: { ...bucketKey(tenant, ref, level, bucket) },
      UpdateExpression: place === 0 ? 'SET m = :note' : 'SET m = list_append(m, :note)',
      ExpressionAttributeValues: { ':note': { L: [bytesValue(to.bytes())] } },
    },
  };
};

const sealedState = async (context: OffsetContext, seal: Seal): Promise<SealedState | undefined> => {
  const remembered = context.memory.recall(seal.baseOffset, seal.entries);
  if (remembered !== undefined) return remembered;
  const found = context.memory.decode(await context.table.get(headKey(seal.tenant, seal.ref)));
  return found?.head.baseOffset === seal.baseOffset ? found.sealed : undefined;
};

const conflictOrDamage = ({ tenant, ref, baseOffset }: Seal, error: unknown): 'conflict' => {
  if (failureOf(error) !== 'condition' || !(error instanceof TransactionCanceledException)) throw error;
  const [segment, head] = error.CancellationReasons ?? [];
  if (segment?.Code === 'ConditionalCheckFailed' && head?.Code === 'None')
    throw new IndexDamagedError(
      `${partitionKey(tenant, ref)}: a segment is there that was never sealed, at ${baseOffset}`,
    );
  return 'conflict';
};

/** The port's `seal`. */
export const seal = async (context: OffsetContext, call: Seal): Promise<'sealed' | 'conflict'> => {
  const { baseOffset, entries } = call;
  const before = entries.length === 0 ? undefined : await sealedState(context, call);
  if (before === undefined) return 'conflict';
  const { next, notes } = sealOne(before, peakOf(entries), bytesOf(entries));
  const endOffset = baseOffset + recordsOf(entries);
  const parts = [putSegment(call, before), cutTail(call, next), ...notes.map((note) => addNote(call, note, endOffset))];
  try {
    await afterConflicts(context.table, () => context.table.transact(parts));
    return 'sealed';
  } catch (error) {
    return conflictOrDamage(call, error);
  }
};
