import type { AtomicOutcome, OffsetStore } from '../../ports/offset-store.ts';
import type { Claims, HeldClaim } from './index/claims.ts';
import { findTimestamp } from './index/find-timestamp.ts';
import type { IndexState } from './index/index-state.ts';
import { type AtomicCommit, judgeAtomicCommit, judgeCommit } from './index/judge-append.ts';
import { judgeCreate, judgeDrop, judgeFence, judgeSeal, judgeTrim } from './index/judge-change.ts';
import { readIndexPage } from './index/read-index.ts';
import type { GroupQueue } from './journal/group-queue.ts';

interface Parts {
  readonly queue: GroupQueue;
  readonly state: IndexState;
  readonly claims: Claims;
}

const commitAtomic = async ({ queue, claims }: Parts, commit: AtomicCommit): Promise<AtomicOutcome> => {
  const { tenant, record } = commit;
  const held: { claim?: HeldClaim; committed?: boolean } = {};
  try {
    const outcome = await queue.submit((index) => {
      held.claim = claims.beginCommit(tenant, record);
      return judgeAtomicCommit(index, commit);
    });
    held.committed = outcome.kind === 'committed';
    return outcome;
  } finally {
    if (held.claim !== undefined) claims.endCommit(tenant, record.key, held.claim, held.committed === true);
  }
};

/** The port over the journal: writes join the next group, reads see what is durable. */
export const createEmbeddedOffsetStore = (parts: Parts): OffsetStore => {
  const { queue, state, claims } = parts;
  const { tables, find } = state;
  return {
    createPartitions: (tenant, topicId, from, to) =>
      queue.submit((index) => judgeCreate(index, tenant, topicId, from, to)),
    dropPartitions: (tenant, topicId, partitions) =>
      queue.submit((index) => judgeDrop(index, tenant, topicId, partitions)),
    commit: (tenant, topicId, append) => queue.submit((index) => judgeCommit(index, tenant, topicId, append)),
    commitAtomic: (tenant, topicId, appends, record, answerOf) =>
      commitAtomic(parts, { tenant, topicId, appends, record, answerOf }),
    claim: async (tenant, record, now) => claims.claim(tenant, record, now),
    release: async (tenant, key) => claims.release(tenant, key),
    seal: (tenant, ref, baseOffset, entries) =>
      queue.submit((index) => judgeSeal(index, tenant, ref, baseOffset, entries.length)),
    bumpFence: (tenant, ref) => queue.submit((index) => judgeFence(index, tenant, ref)),
    trim: (tenant, ref, beforeOffset) => queue.submit((index) => judgeTrim(index, tenant, ref, beforeOffset)),
    readHead: async (tenant, ref) => find(tenant, ref).state?.head,
    readHeads: async (tenant, refs) => refs.map((ref) => find(tenant, ref).state?.head),
    readIndex: async (tenant, ref, offset, limit) => readIndexPage(state, find(tenant, ref), offset, limit),
    findTimestamp: async (tenant, ref, timestamp) => findTimestamp(tables, find(tenant, ref), timestamp),
  };
};
