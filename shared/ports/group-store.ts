import type { GroupName, MemberName, TenantId, TopicId, TopicName } from '../contract/ids.ts';
import type { NamePage } from './topic-registry.ts';

/** A consumer of a group. It lives until `expiresAt`, or until somebody has declared it dead after that. */
export interface Member {
  readonly name: MemberName;
  /** Drawn when it joined; no two joins of a group ever have the same. */
  readonly generation: number;
  readonly topics: readonly TopicName[];
  readonly sessionTimeoutMs: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Whose a partition is: a member as it joined once. Without a member of this generation, nobody's. */
export interface Owner {
  readonly member: MemberName;
  readonly generation: number;
}

/** A partition that has to move, as its owner first heard of it. */
export interface Revocation {
  /** What its owner had received by then: the next offset. When that much is committed, the partition is given back. */
  readonly receivedOffset: number;
  /** Milliseconds since the epoch: given back by then in any case. */
  readonly deadline: number;
}

/** What a group knows of one partition. */
export interface Lease {
  readonly topic: TopicName;
  readonly topicId: TopicId;
  readonly partition: number;
  /** Counts the writes of this lease, from 1: what a write is conditional on. */
  readonly version: number;
  readonly owner: Owner | null;
  /** Counts its ownerships. A position in a cursor holds only for the ownership under which it was given. */
  readonly ownership: number;
  /** The next offset to read; `null`: none was ever committed. */
  readonly committedOffset: number | null;
  /** Counts the seeks. A position in a cursor that is older than a seek is refused. */
  readonly seeks: number;
  /** Sought while owned: its owner's commits are refused until it has polled without a cursor. */
  readonly fenced: boolean;
  readonly revocation: Revocation | null;
}

export interface GroupRef {
  readonly name: GroupName;
  /** Tells a group from those that had its name before. */
  readonly incarnation: number;
}

export interface GroupState {
  readonly incarnation: number;
  /** The newest that was drawn. */
  readonly generation: number;
  readonly members: readonly Member[];
  readonly leases: readonly Lease[];
}

export interface Joining {
  readonly incarnation: number;
  readonly generation: number;
}

/**
 * Consumer groups. Every write is one item's and conditional on what the caller saw; what it should mean is the domain's to say. Laws:
 * 1. `read` sees every write that was resolved before, and all of a group in one look, though not at one instant.
 * 2. Of writes that saw the same, one succeeds. False: the condition did not hold, nothing changed.
 * 3. A resolved write is durable.
 * 4. Generations of a group's name rise and are never used twice, not even by a group that is made again.
 * 5. What belongs to an incarnation that was removed is never seen again, and writes to it change nothing that anybody sees.
 * 6. Tenant first: groups of two tenants with one name have nothing in common.
 */
export interface GroupStore {
  /** Undefined: there is no such group. Members and leases come in no order. */
  read(tenant: TenantId, group: GroupName): Promise<GroupState | undefined>;
  /** Names of groups that have had a member, in the order of their bytes. */
  list(tenant: TenantId, page: NamePage): Promise<GroupName[]>;
  /**
   * Draws the next generation; makes the group when there is none, with this time as its incarnation, or the number behind that of the
   * group that had the name before, whichever is greater.
   */
  drawGeneration(tenant: TenantId, group: GroupName, now: number): Promise<Joining>;
  /** False: there is a member of this name. */
  addMember(tenant: TenantId, group: GroupRef, member: Member): Promise<boolean>;
  /** Rewrites a member, whatever its expiry. False: there is none of this name and generation. */
  renewMember(tenant: TenantId, group: GroupRef, member: Member): Promise<boolean>;
  /** False: it is no longer of the generation and the expiry that were seen. */
  removeMember(tenant: TenantId, group: GroupRef, seen: Member): Promise<boolean>;
  /**
   * Writes a lease that was seen at version `next.version - 1`; version 1 is a lease that nobody has written yet. False: it is at
   * another version.
   */
  writeLease(tenant: TenantId, group: GroupRef, next: Lease): Promise<boolean>;
  /** False: it is at another version. */
  removeLease(tenant: TenantId, group: GroupRef, seen: Lease): Promise<boolean>;
  /** The group with its members and leases. False: there is none. */
  remove(tenant: TenantId, group: GroupName): Promise<boolean>;
}
