import type { TenantId, TopicId } from '../contract/ids.ts';
import {
  type AnswerOf,
  type Append,
  type AtomicOutcome,
  type Head,
  type IdempotencyRecord,
  type IndexEntry,
  UnknownOutcomeError,
} from '../ports/offset-store.ts';
import type { CommitPorts, Committer } from './commit.ts';
import { outcomeUnknown, partitionBusy, partlyStored } from './refusal.ts';

export interface AtomicAppend {
  readonly partition: number;
  readonly entry: IndexEntry;
  readonly expectedOffset?: number | undefined;
}

export interface AtomicCall {
  readonly tenant: TenantId;
  readonly topicId: TopicId;
  readonly appends: readonly AtomicAppend[];
  readonly record: IdempotencyRecord;
  readonly answerOf: AnswerOf;
  readonly deadline: number;
}

export type AtomicResult =
  | { readonly kind: 'committed'; readonly answer: Uint8Array }
  | { readonly kind: 'offset_mismatch'; readonly head: Head }
  | { readonly kind: 'gone' };

/**
 * Appends to several partitions together with an idempotency record: all or nothing. The steps are those of `commit.ts`; a lost
 * answer is settled by bumping every partition's fence and then asking whether the record is there.
 */
export async function commitAtomic(ports: CommitPorts, committer: Committer, call: AtomicCall): Promise<AtomicResult> {
  for (let attempt = 1; ; attempt++) {
    const appends = await fencedAppends(committer, call);
    if (appends === undefined) return { kind: 'gone' };
    const outcome = await tryOnce(ports, committer, call, appends);
    if (outcome.kind === 'answered') return { kind: 'committed', answer: outcome.answer };
    if (outcome.kind === 'committed') return learn(committer, call, outcome);
    const giveUp = outcome.kind === 'refused' && outcome.begun ? partlyStored : partitionBusy;
    if (outcome.kind === 'refused') {
      const { partition, refusal } = outcome;
      if (refusal.kind === 'gone' || refusal.kind === 'offset_mismatch') return refusal;
      await committer.overcome(call.tenant, { topicId: call.topicId, partition }, refusal.head, refusal.kind);
    }
    await committer.pause(attempt, call.deadline, giveUp);
  }
}

type Tried = AtomicOutcome | { readonly kind: 'again' };

async function tryOnce(
  ports: CommitPorts,
  committer: Committer,
  call: AtomicCall,
  appends: readonly Append[],
): Promise<Tried> {
  try {
    return await ports.offsets.commitAtomic(call.tenant, call.topicId, appends, call.record, call.answerOf);
  } catch (error) {
    if (!(error instanceof UnknownOutcomeError)) throw error;
    return resolve(ports, committer, call, error);
  }
}

async function resolve(ports: CommitPorts, committer: Committer, call: AtomicCall, cause: unknown): Promise<Tried> {
  for (const { partition } of call.appends)
    await committer.fenceOff(call.tenant, { topicId: call.topicId, partition }, call.deadline);
  const claim = await ports.offsets.claim(call.tenant, call.record, ports.clock.now()).catch(() => {
    throw outcomeUnknown(cause);
  });
  const isDone = claim.kind === 'done' && Buffer.compare(claim.fingerprint, call.record.fingerprint) === 0;
  return isDone ? { kind: 'answered', answer: claim.answer } : { kind: 'again' };
}

async function fencedAppends(committer: Committer, call: AtomicCall): Promise<Append[] | undefined> {
  const appends: Append[] = [];
  const refs = call.appends.map(({ partition }) => ({ topicId: call.topicId, partition }));
  const heads = await committer.seenHeads(call.tenant, refs);
  for (const [at, { partition, entry, expectedOffset }] of call.appends.entries()) {
    const seen = heads[at];
    if (seen === undefined) return undefined;
    const condition = expectedOffset === undefined ? {} : { expectedOffset };
    appends.push({ partition, entry, fence: seen.fence, ...condition });
  }
  return appends;
}

function learn(
  committer: Committer,
  call: AtomicCall,
  outcome: Extract<AtomicOutcome, { kind: 'committed' }>,
): AtomicResult {
  call.appends.forEach(({ partition }, at) => {
    const head = outcome.heads[at];
    if (head !== undefined) committer.committed(call.tenant, { topicId: call.topicId, partition }, head);
  });
  return { kind: 'committed', answer: call.answerOf(outcome.baseOffsets) };
}
