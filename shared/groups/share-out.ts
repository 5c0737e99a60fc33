import type { TenantId, TopicName } from '../contract/ids.ts';
import type { GroupState, Lease, Member } from '../ports/group-store.ts';
import type { Ports } from '../ports/ports.ts';
import type { Attendance } from './admit.ts';
import { assign } from './assign.ts';
import { announceGroup } from './group-ports.ts';
import { isOwnedBy, keyOf } from './lease-changes.ts';
import { findTopics, type GroupPartition, partitionsOf } from './partitions-of.ts';

/** What a member is to do with the partitions of its group. */
export interface Plan {
  /** Its own, by what should become of them. */
  readonly keep: readonly Lease[];
  readonly letGo: readonly Lease[];
  /** Free, and its to take. */
  readonly take: readonly GroupPartition[];
  /** Nobody's, and perhaps of topics that are no more. */
  readonly orphans: readonly Lease[];
  /** When another member dies or a partition has to have moved, if nobody stirs: milliseconds since the epoch. */
  readonly changesAt: number;
  /** Somebody else has just written what this rests on. */
  readonly isStale: boolean;
}

type SharePorts = Pick<Ports, 'groups' | 'topics' | 'clock' | 'signal'>;

/**
 * Members that nobody has heard of for a session are declared dead, each by one write that fails if it has stirred meanwhile; only
 * then is what they had free to take. Where a write failed, the member has stirred or somebody else was quicker: it counts as living,
 * and the look is stale.
 */
async function buryTheDead(
  ports: SharePorts,
  tenant: TenantId,
  { group, me, state }: Attendance,
  now: number,
): Promise<{ readonly members: readonly Member[]; readonly isStale: boolean }> {
  const isDead = (member: Member): boolean => member.name !== me.name && member.expiresAt <= now;
  const dead = state.members.filter(isDead);
  const buried = await Promise.all(dead.map((member) => ports.groups.removeMember(tenant, group, member)));
  if (buried.includes(true)) announceGroup(ports, tenant, group.name);
  const members = state.members.filter((member) => !isDead(member) || !buried[dead.indexOf(member)]);
  return { members, isStale: buried.includes(false) };
}

function nextChange({ me, state }: Attendance, members: readonly Member[], now: number): number {
  const times = [
    ...members.filter(({ name }) => name !== me.name).map(({ expiresAt }) => expiresAt),
    ...state.leases.map(({ revocation }) => revocation?.deadline ?? now),
  ];
  return Math.min(...times.filter((time) => time > now));
}

const ownerOf = (lease: Lease, members: readonly Member[]): Member | undefined =>
  members.find((member) => isOwnedBy(lease, member));

/** Who should have each partition, for these members as they are. */
export async function targetOf(
  ports: Pick<Ports, 'topics'>,
  tenant: TenantId,
  state: GroupState,
  members: readonly Member[],
): Promise<{ readonly partitions: readonly GroupPartition[]; readonly target: ReadonlyMap<string, string> }> {
  const names: TopicName[] = members.flatMap(({ topics }) => [...topics]);
  const partitions = partitionsOf(await findTopics(ports, tenant, names), state.leases);
  const shared = partitions.map(({ topic, ref, lease }) => ({
    key: keyOf(ref),
    topic,
    owner: ownerOf(lease, members)?.name,
  }));
  const subscribers = [...members].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { partitions, target: assign(subscribers, shared) };
}

export async function planFor(ports: SharePorts, tenant: TenantId, attendance: Attendance): Promise<Plan> {
  const { me, state } = attendance;
  const now = ports.clock.now();
  const { members, isStale } = await buryTheDead(ports, tenant, attendance, now);
  const { partitions, target } = await targetOf(ports, tenant, state, members);
  const mine = state.leases.filter((lease) => isOwnedBy(lease, me));
  const current = new Map(partitions.map(({ topic, ref }) => [topic, ref.topicId]));
  // Looked at by whoever joins, so that a group that lives long does not gather what was deleted; of a topic made again, at once.
  const isOrphan = ({ topic, topicId }: Lease): boolean => {
    const id = current.get(topic);
    return id === undefined ? attendance.hasJoined : topicId < id;
  };
  const isWanted = (lease: Lease): boolean => target.get(keyOf(lease)) === me.name;
  return {
    keep: mine.filter(isWanted),
    letGo: mine.filter((lease) => !isWanted(lease)),
    orphans: state.leases.filter((lease) => isOrphan(lease) && ownerOf(lease, members) === undefined),
    take: partitions.filter(({ lease }) => isWanted(lease) && ownerOf(lease, members) === undefined),
    changesAt: nextChange(attendance, members, now),
    isStale,
  };
}

/** For whoever acts for a member without being it: who lives, to the best of what was read. */
export const livingOf = (state: GroupState, now: number): Member[] =>
  state.members.filter(({ expiresAt }) => expiresAt > now);
