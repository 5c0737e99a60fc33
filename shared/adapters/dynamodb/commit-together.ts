import type { CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { TenantId, TopicId } from '../../contract/ids.ts';
import { type BackoffOptions, backoffMs } from '../../lib/backoff.ts';
import type { AnswerOf, Append, AtomicOutcome, Head, IdempotencyRecord } from '../../ports/offset-store.ts';
import { appendUpdate, type OffsetContext } from './commit.ts';
import { failureOf } from './failure.ts';
import { refusalOf } from './head-item.ts';
import { readHeads } from './read-heads.ts';
import type { Update } from './table.ts';
import { afterThrottles } from './write-again.ts';

/*
 * Appends to several partitions and a write of their idempotency key, all or nothing:
 *  1. Read the heads: a transaction answers nothing, so the offsets have to be known before. A reason to refuse is told at once.
 *  2. Write all together, each head on condition that its high watermark is still the one that was seen.
 *  3. A high watermark that moved meanwhile is no reason to refuse: nothing was written, so go back to 1. After `ATTEMPTS` of that,
 *     say `fenced`, on which the caller pauses and tries again for as long as it likes.
 */

/** What the port's `commitAtomic` is asked for. */
export interface AtomicWrite {
  readonly tenant: TenantId;
  readonly topicId: TopicId;
  readonly appends: readonly Append[];
  readonly record: IdempotencyRecord;
  readonly answerOf: AnswerOf;
}

export interface Together {
  readonly tenant: TenantId;
  readonly topicId: TopicId;
  readonly appends: readonly Append[];
  /** What the key is told with them. */
  keyWrite(baseOffsets: readonly number[]): Update;
}

export type TogetherOutcome =
  | Extract<AtomicOutcome, { kind: 'committed' | 'refused' }>
  /** The condition of the key's own write does not hold. */
  | { readonly kind: 'key_refused'; readonly cause: unknown };

/** Every round lets one writer through at least, so this many writers may meet before one of them has to come back. */
const ATTEMPTS = 40;
const BACKOFF: BackoffOptions = { baseMs: 4, maxMs: 120 };

type Refused = Extract<AtomicOutcome, { kind: 'refused' }>;

const refusalIn = (appends: readonly Append[], heads: readonly (Head | undefined)[]): Refused | undefined => {
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

/** `moved`: nothing was written, and the same may pass with the heads as they are now. */
const writeAll = async (
  { table }: OffsetContext,
  { tenant, topicId, appends, keyWrite }: Together,
  heads: readonly Head[],
): Promise<TogetherOutcome | 'moved'> => {
  const baseOffsets = heads.map(({ nextOffset }) => nextOffset);
  const parts = appends.map((append, at) => ({ Update: appendUpdate(tenant, topicId, append, baseOffsets[at]!) }));
  const write = [...parts, { Update: keyWrite(baseOffsets) }];
  try {
    await afterThrottles(table, () => table.transact(write));
    return { kind: 'committed', baseOffsets, heads: heads.map((head, at) => withEntry(head, appends[at]!)) };
  } catch (error) {
    const failure = failureOf(error);
    if (failure !== 'condition' && failure !== 'conflict') throw error;
    const reasons: CancellationReason[] = (error as TransactionCanceledException).CancellationReasons ?? [];
    return reasons.at(-1)?.Code === 'ConditionalCheckFailed' ? { kind: 'key_refused', cause: error } : 'moved';
  }
};

const movedOn = ({ appends }: Together, head: Head): Refused => ({
  kind: 'refused',
  partition: appends[0]!.partition,
  refusal: { kind: 'fenced', head },
});

export const commitTogether = async (context: OffsetContext, call: Together): Promise<TogetherOutcome> => {
  const { tenant, topicId, appends } = call;
  const refs = appends.map(({ partition }) => ({ topicId, partition }));
  for (let attempt = 1; ; attempt += 1) {
    const found = await readHeads(context, tenant, refs);
    const refused = refusalIn(appends, found);
    if (refused !== undefined) return refused;
    const heads = found as Head[];
    const outcome = await writeAll(context, call, heads);
    if (outcome !== 'moved') return outcome;
    if (attempt === ATTEMPTS) return movedOn(call, heads[0]!);
    const { fraction, sleep } = context.table.world;
    await sleep(backoffMs(attempt, fraction(), BACKOFF));
  }
};
