import { describe } from 'vitest';
import type { OffsetStore } from '../../shared/ports/offset-store.ts';
import { checksOf, type Open } from './checks.ts';
import { describeAtomicCommits } from './offset-store-atomic.contract.ts';
import { describeCommits } from './offset-store-commit.contract.ts';
import { describeFences } from './offset-store-fence.contract.ts';
import { describeIdempotency } from './offset-store-idempotency.contract.ts';
import { describePartitions } from './offset-store-partitions.contract.ts';
import { describeReads } from './offset-store-read.contract.ts';
import { describeSealing } from './offset-store-seal.contract.ts';
import { describeTimestamps } from './offset-store-timestamp.contract.ts';
import { describeTrimming } from './offset-store-trim.contract.ts';

/** What every offset store has to do, by its port's laws and the design's protocol of the commit. */
export const describeOffsetStore = (name: string, open: Open<OffsetStore>): void => {
  const check = checksOf(open, ['readHead', 'readHeads', 'readIndex', 'findTimestamp']);
  describe(`${name}: offset store`, () => {
    describe('partitions', () => describePartitions(check));
    describe('commit', () => describeCommits(check));
    describe('fences and lost answers', () => describeFences(check));
    describe('seal', () => describeSealing(check));
    describe('commitAtomic', () => describeAtomicCommits(check));
    describe('idempotency keys', () => describeIdempotency(check));
    describe('trim', () => describeTrimming(check));
    describe('readIndex and readHeads', () => describeReads(check));
    describe('findTimestamp', () => describeTimestamps(check));
  });
};
