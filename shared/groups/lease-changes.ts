import type { TopicName } from '../contract/ids.ts';
import type { Lease, Member, Revocation } from '../ports/group-store.ts';
import type { PartitionRef } from '../ports/offset-store.ts';

/** What may become of a lease, each as the next version of it: pure, so that the store's condition is all that two writers meet at. */

const next = (seen: Lease, changes: Partial<Lease>): Lease => ({ ...seen, ...changes, version: seen.version + 1 });

/** A partition that the group has not had yet; not written. */
export const freshLease = (topic: TopicName, { topicId, partition }: PartitionRef): Lease => ({
  topic,
  topicId,
  partition,
  version: 0,
  owner: null,
  ownership: 0,
  committedOffset: null,
  seeks: 0,
  fenced: false,
  revocation: null,
});

/** `start`: where a group begins that has committed nothing and must not lose its place; else `null`. */
export const taken = (seen: Lease, { name: member, generation }: Member, start: number | null): Lease =>
  next(seen, {
    owner: { member, generation },
    ownership: seen.ownership + 1,
    committedOffset: seen.committedOffset ?? start,
    fenced: false,
    revocation: null,
  });

export const released = (seen: Lease, committedOffset = seen.committedOffset): Lease =>
  next(seen, { committedOffset, owner: null, fenced: false, revocation: null });

export const revoked = (seen: Lease, revocation: Revocation): Lease => next(seen, { revocation });

/** It stays after all, its owner has heard of the seek, or has more committed. */
export const kept = (seen: Lease, committedOffset = seen.committedOffset): Lease =>
  next(seen, { committedOffset, fenced: false, revocation: null });

export const committed = (seen: Lease, committedOffset: number): Lease => next(seen, { committedOffset });

export const sought = (seen: Lease, committedOffset: number): Lease =>
  next(seen, { committedOffset, seeks: seen.seeks + 1, fenced: seen.owner !== null });

export const isOwnedBy = ({ owner }: Lease, { name, generation }: Pick<Member, 'name' | 'generation'>): boolean =>
  owner !== null && owner.member === name && owner.generation === generation;

export const keyOf = ({ topicId, partition }: PartitionRef): string => `${topicId}/${partition}`;
