import { type OffsetStore, UnknownOutcomeError } from '../../shared/ports/offset-store.ts';

/** What becomes of a write whose answer is lost: it was done, it never will be, or it is done when `deliver` is called. */
export type Loss = 'done' | 'never' | 'late';

export interface LossyOffsetStore extends OffsetStore {
  /** The next commit, atomic commit or seal rejects with `UnknownOutcomeError`. */
  loseNext(loss: Loss): void;
  /** Does the writes that are late, in their order, and answers what nobody hears: how each one ended. */
  deliver(): Promise<PromiseSettledResult<unknown>[]>;
}

export const createLossyOffsetStore = (inner: OffsetStore): LossyOffsetStore => {
  let next: Loss | undefined;
  let late: (() => Promise<unknown>)[] = [];
  const write = async <Answer>(perform: () => Promise<Answer>): Promise<Answer> => {
    const loss = next;
    next = undefined;
    if (loss === undefined) return perform();
    if (loss === 'done') await perform();
    if (loss === 'late') late.push(perform);
    throw new UnknownOutcomeError();
  };
  return {
    createPartitions: (...args) => inner.createPartitions(...args),
    dropPartitions: (...args) => inner.dropPartitions(...args),
    claim: (...args) => inner.claim(...args),
    release: (...args) => inner.release(...args),
    bumpFence: (...args) => inner.bumpFence(...args),
    trim: (...args) => inner.trim(...args),
    readHead: (...args) => inner.readHead(...args),
    readHeads: (...args) => inner.readHeads(...args),
    readIndex: (...args) => inner.readIndex(...args),
    findTimestamp: (...args) => inner.findTimestamp(...args),
    commit: (...args) => write(() => inner.commit(...args)),
    commitAtomic: (...args) => write(() => inner.commitAtomic(...args)),
    seal: (...args) => write(() => inner.seal(...args)),
    loseNext: (loss) => {
      next = loss;
    },
    deliver: async () => {
      const writes = late;
      late = [];
      const ends: PromiseSettledResult<unknown>[] = [];
      for (const perform of writes) ends.push(...(await Promise.allSettled([perform()])));
      return ends;
    },
  };
};
