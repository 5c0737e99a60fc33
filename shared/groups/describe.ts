import type { GroupName, TenantId, TopicName } from '../contract/ids.ts';
import type { GroupState, Lease, Member } from '../ports/group-store.ts';
import type { Head } from '../ports/offset-store.ts';
import type { Ports } from '../ports/ports.ts';
import { assignmentOf, groupGone } from './fenced.ts';
import { isOwnedBy } from './lease-changes.ts';
import { findTopics, partitionsOf } from './partitions-of.ts';
import type { Place } from './place.ts';
import { livingOf } from './share-out.ts';

export interface DescribedMember {
  readonly member: string;
  readonly generation: number;
  readonly topics: readonly string[];
  readonly assignment: readonly Place[];
  /** RFC 3339. */
  readonly expiresAt: string;
}

export interface DescribedPartition extends Place {
  readonly owner: string | null;
  readonly committedOffset: number | null;
  readonly logStartOffset: number;
  readonly highWatermark: number;
  /** Records between the committed offset (or the log start) and the high watermark. */
  readonly lag: number;
}

export interface DescribedGroup {
  readonly group: GroupName;
  readonly members: readonly DescribedMember[];
  readonly partitions: readonly DescribedPartition[];
  readonly lag: number;
}

export type IsVisible = (topic: TopicName) => boolean;

type DescribePorts = Pick<Ports, 'groups' | 'topics' | 'offsets' | 'clock'>;

/** Every topic that the group has to do with. */
export const topicsOf = ({ members, leases }: GroupState): Set<TopicName> =>
  new Set([...members.flatMap(({ topics }) => [...topics]), ...leases.map(({ topic }) => topic)]);

/**
 * What of a group a caller may see: that of its topics. One of which it may see none does not exist for it.
 * @throws {ChasquiError} `group_not_found`
 */
export async function visibleState(
  ports: Pick<Ports, 'groups'>,
  tenant: TenantId,
  group: GroupName,
  isVisible: IsVisible,
): Promise<GroupState> {
  const state = await ports.groups.read(tenant, group);
  if (state === undefined || !isVisibleIn(state, isVisible)) throw groupGone();
  return state;
}

export const isVisibleIn = (state: GroupState, isVisible: IsVisible): boolean => {
  const topics = [...topicsOf(state)];
  return topics.length === 0 || topics.some(isVisible);
};

/** @throws {ChasquiError} `group_not_found` */
export async function describeGroup(
  ports: DescribePorts,
  tenant: TenantId,
  group: GroupName,
  isVisible: IsVisible,
): Promise<DescribedGroup> {
  const state = await visibleState(ports, tenant, group, isVisible);
  const living = livingOf(state, ports.clock.now());
  const topics = await findTopics(ports, tenant, [...topicsOf(state)].filter(isVisible));
  const known = partitionsOf(topics, state.leases);
  const heads =
    known.length === 0
      ? []
      : await ports.offsets.readHeads(
          tenant,
          known.map(({ ref }) => ref),
        );
  const partitions = known.flatMap(({ lease }, at) => {
    const head = heads[at];
    return head === undefined ? [] : [describePartition(lease, head, living)];
  });
  const names = new Set(topics.map(({ name }) => name as string));
  const members = living
    .map((member) => describeMember(state, member, isVisible, names))
    .sort((a, b) => (a.member < b.member ? -1 : 1));
  return { group, members, partitions, lag: partitions.reduce((sum, { lag }) => sum + lag, 0) };
}

const describeMember = (
  state: GroupState,
  member: Member,
  isVisible: IsVisible,
  topics: ReadonlySet<string>,
): DescribedMember => ({
  member: member.name,
  generation: member.generation,
  topics: member.topics.filter(isVisible),
  assignment: assignmentOf(state, member).filter(({ topic }) => topics.has(topic)),
  expiresAt: new Date(member.expiresAt).toISOString(),
});

const describePartition = (lease: Lease, head: Head, living: readonly Member[]): DescribedPartition => {
  const { topic, partition, committedOffset } = lease;
  const { logStartOffset, nextOffset: highWatermark } = head;
  const owner = living.find((member) => isOwnedBy(lease, member))?.name ?? null;
  const lag = highWatermark - Math.max(committedOffset ?? logStartOffset, logStartOffset);
  return { topic, partition, owner, committedOffset, logStartOffset, highWatermark, lag };
};
