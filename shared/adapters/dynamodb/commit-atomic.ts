import type { AtomicOutcome } from '../../ports/offset-store.ts';
import { claimNotHeld } from './claim.ts';
import type { OffsetContext } from './commit.ts';
import { commitInSteps } from './commit-in-steps.ts';
import { type AtomicWrite, commitTogether } from './commit-together.ts';
import { finishUpdate } from './finish-update.ts';

/** The port's `commitAtomic`: one transaction, or as many as it takes. */
export const commitAtomic = async (context: OffsetContext, write: AtomicWrite): Promise<AtomicOutcome> => {
  const { tenant, topicId, appends, record, answerOf } = write;
  if (appends.length > context.mostAppends) return commitInSteps(context, write);
  const keyWrite = (baseOffsets: readonly number[]) => finishUpdate(tenant, record, answerOf(baseOffsets));
  const outcome = await commitTogether(context, { tenant, topicId, appends, keyWrite });
  if (outcome.kind === 'key_refused') throw claimNotHeld(outcome.cause);
  return outcome;
};
