import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { ChasquiError } from '../../contract/errors.ts';
import { type BackoffOptions, backoffMs } from '../../lib/backoff.ts';
import { type AtomicOutcome, type Head, UnknownOutcomeError } from '../../ports/offset-store.ts';
import { type Begun, beginUpdate, begunIn, lastStepUpdate, stepUpdate } from './begun-key.ts';
import { claimNotHeld, release } from './claim.ts';
import type { OffsetContext } from './commit.ts';
import { type AtomicWrite, commitTogether, type TogetherOutcome } from './commit-together.ts';
import { idempotencyKey } from './keys.ts';
import type { Item } from './table.ts';
import { untilAnswered } from './write-again.ts';

/*
 * An atomic commit of more partitions than one transaction takes:
 *  1. The key notes what was decided before any offset, and that no append is committed yet.
 *  2. Step by step, so many partitions as one transaction takes and the key together: the key notes their base offsets, if it tells of
 *     just the steps before. So each step is done once, whoever does it, however often it is sent; an answer that was lost is
 *     settled by a look at the key.
 *  3. The last step leaves the answer in the key.
 * A call that ends between two steps has committed some partitions whole and others not at all, and nobody was answered. The next one with
 * the key is told so (`begun`) and goes on.
 */

type Refused = Extract<AtomicOutcome, { kind: 'refused' }>;
interface Open {
  readonly kind: 'open';
  readonly begun: Begun;
  /** Of what this call has committed, at the place of each append. */
  readonly heads: readonly (Head | undefined)[];
}
type Progress = Open | AtomicOutcome;
type Step =
  | Extract<TogetherOutcome, { kind: 'committed' }>
  | Refused
  | { readonly kind: 'unclear'; readonly cause: unknown };

/** Steps that were not clear, one behind the other, after which the call gives up. */
const ATTEMPTS = 6;
const BACKOFF: BackoffOptions = { baseMs: 20, maxMs: 400 };

const isSame = (a: Uint8Array | undefined, b: Uint8Array): boolean => a !== undefined && Buffer.compare(a, b) === 0;

/** @throws when the key is no longer this call's to write. */
const progressIn = (
  item: Item | undefined,
  { topicId, record, answerOf }: AtomicWrite,
  heads: Open['heads'],
): Progress => {
  const answer = item?.['a']?.B;
  if (!isSame(item?.['p']?.B, record.fingerprint)) throw claimNotHeld(undefined);
  if (answer !== undefined) return { kind: 'answered', answer };
  const begun = begunIn(item);
  if (begun?.topicId !== topicId || !isSame(begun.plan, answerOf([]))) throw claimNotHeld(undefined);
  return { kind: 'open', begun, heads };
};

/** An answer was lost, or there was none: what was sent may be done, or not, or in part. */
const isUnclear = (error: unknown): boolean =>
  error instanceof UnknownOutcomeError || (error instanceof ChasquiError && error.code === 'unavailable');

/** The claim is given back, so that the next call need not wait until it ends by itself. */
const giveUp = async ({ table }: OffsetContext, { tenant, record }: AtomicWrite, cause: unknown): Promise<never> => {
  await release(table, tenant, record.key).catch(() => undefined);
  const detail = 'Some of the records may be stored. The same request with the same key stores the others.';
  throw new ChasquiError('unavailable', detail, { sideEffects: 'possible', retryAfterSeconds: 1, cause });
};

const giveUpIfUnclear = (context: OffsetContext, write: AtomicWrite, error: unknown): Promise<never> =>
  isUnclear(error) ? giveUp(context, write, error) : Promise.reject(error);

const begin = async (context: OffsetContext, write: AtomicWrite): Promise<Progress> => {
  const { table } = context;
  const begun: Begun = { topicId: write.topicId, plan: write.answerOf([]), baseOffsets: [] };
  try {
    await untilAnswered(table, () => table.update(beginUpdate(write.tenant, write.record, begun)));
    return { kind: 'open', begun, heads: [] };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return progressIn(error.Item, write, []);
    return giveUpIfUnclear(context, write, error);
  }
};

const partsOf = ({ tenant, record, appends, answerOf }: AtomicWrite, begun: Begun, most: number) => {
  const done = begun.baseOffsets.length;
  const isLast = done + most >= appends.length;
  const keyWrite = (baseOffsets: readonly number[]) => {
    const step = { tenant, record, begun, baseOffsets };
    return isLast ? lastStepUpdate(step, answerOf([...begun.baseOffsets, ...baseOffsets])) : stepUpdate(step);
  };
  return { appends: appends.slice(done, done + most), keyWrite };
};

const tryStep = async (context: OffsetContext, write: AtomicWrite, begun: Begun): Promise<Step> => {
  const { tenant, topicId } = write;
  try {
    const outcome = await commitTogether(context, { tenant, topicId, ...partsOf(write, begun, context.mostAppends) });
    return outcome.kind === 'key_refused' ? { kind: 'unclear', cause: outcome.cause } : outcome;
  } catch (error) {
    if (!isUnclear(error)) throw error;
    return { kind: 'unclear', cause: error };
  }
};

const after = (
  { appends }: AtomicWrite,
  { begun, heads }: Open,
  step: Exclude<Step, { kind: 'unclear' }>,
): Progress => {
  const done = begun.baseOffsets.length;
  if (step.kind === 'refused') return done === 0 ? step : { ...step, begun: true };
  const baseOffsets = [...begun.baseOffsets, ...step.baseOffsets];
  const known = [...Array.from({ length: done }, (_, at) => heads[at]), ...step.heads];
  if (baseOffsets.length === appends.length) return { kind: 'committed', baseOffsets, heads: known };
  return { kind: 'open', begun: { ...begun, baseOffsets }, heads: known };
};

const look = async (
  { table }: OffsetContext,
  write: AtomicWrite,
  { heads }: Open,
  attempt: number,
): Promise<Progress> => {
  await table.world.sleep(backoffMs(attempt, table.world.fraction(), BACKOFF));
  return progressIn(await table.get(idempotencyKey(write.tenant, write.record.key)), write, heads);
};

export const commitInSteps = async (context: OffsetContext, write: AtomicWrite): Promise<AtomicOutcome> => {
  let progress = await begin(context, write);
  for (let unclear = 0; progress.kind === 'open'; ) {
    const step: Step = await tryStep(context, write, progress.begun);
    unclear = step.kind === 'unclear' ? unclear + 1 : 0;
    if (step.kind !== 'unclear') progress = after(write, progress, step);
    else if (unclear > ATTEMPTS) return giveUp(context, write, step.cause);
    else
      progress = await look(context, write, progress, unclear).catch((error) => giveUpIfUnclear(context, write, error));
  }
  return progress;
};
