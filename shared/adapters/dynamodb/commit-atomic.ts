import type { CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { ChasquiError } from '../../contract/errors.ts';
import type { TenantId, TopicId } from '../../contract/ids.ts';
import { type BackoffOptions, backoffMs } from '../../lib/backoff.ts';
import type { AnswerOf, Append, AtomicOutcome, Head, IdempotencyRecord } from '../../ports/offset-store.ts';
import { finishUpdate } from './claim.ts';
import { appendUpdate, type OffsetContext } from './commit.ts';
import { failureOf } from './failure.ts';
import { refusalOf } from './head-item.ts';
import { readHeads } from './read-heads.ts';

/*
 * The atomic commit:
 *  1. Read the heads: a transaction answers nothing, so the offsets have to be known before. A reason to refuse is told at once.
 *  2. Write all together, each head on condition that its high watermark is still the one that was seen.
 *  3. A high watermark that moved meanwhile is no reason to refuse: nothing was written, so go back to 1. After `ATTEMPTS` of that,
 *     say `fenced`, on which the caller pauses and tries again for as long as it likes.
 */

export interface AtomicWrite {
  readonly tenant: TenantId;
  readonly topicId: TopicId;
  readonly appends: readonly Append[];
  readonly record: IdempotencyRecord;
  readonly answerOf: AnswerOf;
}

/** A transaction takes 100 items, and the idempotency record is one of them. */
export const ATOMIC_PARTITIONS = 99;

/** Every round lets one writer through at least, so this many writers may meet before one of them has to come back. */
const ATTEMPTS = 40;
const BACKOFF: BackoffOptions = { baseMs: 4, maxMs: 120 };

const refusalIn = (appends: readonly Append[], heads: readonly (Head | undefined)[]): AtomicOutcome | undefined => {
  for (const [at, append] of appends.entries()) {
    const refusal = refusalOf(heads[at], append);
    if (refusal !== undefined) return { kind: 'refused', partition: append.partition, refusal };
  }
  return undefined;
};

const withEntry = (head: Head, { entry }: Append): Head => ({
  ...head,
  nextOffset: head.nextOffset + entry.count,
  tail: [...head.tail, entry],
  retainedBytes: head.retainedBytes + entry.length,
});

/** True: written. False: something moved, and nothing was written. The claim's own reason is the last one. */
const writeAll = async ({ table }: OffsetContext, write: AtomicWrite, heads: readonly Head[]): Promise<boolean> => {
  const { tenant, topicId, appends, record, answerOf } = write;
  const parts = appends.map((append, at) => ({
    Update: appendUpdate(tenant, topicId, append, heads[at]!.nextOffset),
  }));
  const answer = answerOf(heads.map(({ nextOffset }) => nextOffset));
  try {
    await table.transact([...parts, { Update: finishUpdate(tenant, record, answer) }]);
    return true;
  } catch (error) {
    const failure = failureOf(error);
    if (failure !== 'condition' && failure !== 'conflict') throw error;
    const reasons: CancellationReason[] = (error as TransactionCanceledException).CancellationReasons ?? [];
    if (reasons.at(-1)?.Code === 'ConditionalCheckFailed')
      throw new Error('The claim of an idempotency key is not held.', { cause: error });
    return false;
  }
};

const movedOn = (write: AtomicWrite, head: Head): AtomicOutcome => ({
  kind: 'refused',
  partition: write.appends[0]!.partition,
  refusal: { kind: 'fenced', head },
});

/** The port's `commitAtomic`. */
export const commitAtomic = async (context: OffsetContext, write: AtomicWrite): Promise<AtomicOutcome> => {
  const { tenant, topicId, appends } = write;
  if (appends.length > ATOMIC_PARTITIONS)
    throw new ChasquiError(
      'invalid_request',
      `With an Idempotency-Key, the records of a request may go to ${ATOMIC_PARTITIONS} partitions at most, not to ${appends.length}.`,
    );
  const refs = appends.map(({ partition }) => ({ topicId, partition }));
  for (let attempt = 1; ; attempt += 1) {
    const found = await readHeads(context, tenant, refs);
    const refused = refusalIn(appends, found);
    if (refused !== undefined) return refused;
    const heads = found as Head[];
    if (await writeAll(context, write, heads))
      return {
        kind: 'committed',
        baseOffsets: heads.map(({ nextOffset }) => nextOffset),
        heads: heads.map((head, at) => withEntry(head, appends[at]!)),
      };
    if (attempt === ATTEMPTS) return movedOn(write, heads[0]!);
    const { fraction, sleep } = context.table.world;
    await sleep(backoffMs(attempt, fraction(), BACKOFF));
  }
};
