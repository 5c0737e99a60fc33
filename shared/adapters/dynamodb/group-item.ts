import type { GroupName, MemberName, TenantId, TopicId } from '../../contract/ids.ts';
import type { GroupRef, Lease, Member } from '../../ports/group-store.ts';
import { numberOf } from './head-item.ts';
import { groupPartition, stringKey } from './keys.ts';
import type { Item, Key } from './table.ts';

/*
 * A group's items, all under one partition key:
 *   g                        n  the newest generation, i  the incarnation (absent: the group was removed), l  the one before, of a removed group
 *   m<member>                g  generation, e  expiry (ms), i  incarnation, d  the rest as JSON
 *   l<topic id>/<partition>  v  version, i  incarnation, d  the rest as JSON
 * What is of another incarnation counts as absent. The group's name is also an item among the names of its tenant's groups.
 */
export const COUNTER = 'g';
const MEMBER = 'm';
const LEASE = 'l';

type MemberRest = Pick<Member, 'topics' | 'sessionTimeoutMs'>;
type LeaseRest = Omit<Lease, 'topicId' | 'partition' | 'version'>;

export const counterKey = (tenant: TenantId, group: GroupName): Key =>
  stringKey(groupPartition(tenant, group), COUNTER);
export const memberKey = (tenant: TenantId, { name: group }: GroupRef, member: MemberName): Key =>
  stringKey(groupPartition(tenant, group), MEMBER + member);
export const leaseKey = (tenant: TenantId, { name: group }: GroupRef, { topicId, partition }: Lease): Key =>
  stringKey(groupPartition(tenant, group), `${LEASE}${topicId}/${partition}`);

export const memberItem = (tenant: TenantId, group: GroupRef, member: Member): Item => {
  const { name, generation, expiresAt, ...rest } = member;
  return {
    ...memberKey(tenant, group, name),
    g: numberOf(generation),
    e: numberOf(expiresAt),
    i: numberOf(group.incarnation),
    d: { S: JSON.stringify(rest satisfies MemberRest) },
  };
};

export const leaseItem = (tenant: TenantId, group: GroupRef, lease: Lease): Item => {
  const { topicId: _id, partition: _partition, version, ...rest } = lease;
  return {
    ...leaseKey(tenant, group, lease),
    v: numberOf(version),
    i: numberOf(group.incarnation),
    d: { S: JSON.stringify(rest satisfies LeaseRest) },
  };
};

export const sortKeyOf = (item: Item): string => item['sk']?.S ?? '';
export const numberIn = (item: Item | undefined, name: string): number => Number(item?.[name]?.N);
const restOf = <Rest>(item: Item): Rest => JSON.parse(item['d']?.S ?? '') as Rest;

export const isMember = (item: Item): boolean => sortKeyOf(item).startsWith(MEMBER);
export const isLease = (item: Item): boolean => sortKeyOf(item).startsWith(LEASE);

export const memberIn = (item: Item): Member => ({
  name: sortKeyOf(item).slice(MEMBER.length) as MemberName,
  generation: numberIn(item, 'g'),
  expiresAt: numberIn(item, 'e'),
  ...restOf<MemberRest>(item),
});

export const leaseIn = (item: Item): Lease => {
  const [topicId, partition] = sortKeyOf(item).slice(LEASE.length).split('/');
  return {
    topicId: topicId as TopicId,
    partition: Number(partition),
    version: numberIn(item, 'v'),
    ...restOf<LeaseRest>(item),
  };
};
