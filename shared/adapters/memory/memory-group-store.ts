import type { GroupName, TenantId } from '../../contract/ids.ts';
import type { GroupRef, GroupStore, Lease, Member } from '../../ports/group-store.ts';
import { pageOfNames } from './page-of-names.ts';

interface StoredGroup {
  /** Outlives the group. */
  generation: number;
  /** Undefined: it was removed. */
  incarnation: number | undefined;
  readonly members: Map<string, Member>;
  readonly leases: Map<string, Lease>;
}

const keyOf = ({ topicId, partition }: Lease): string => `${topicId}/${partition}`;

/** Groups in maps; for tests. */
export const createMemoryGroupStore = (): GroupStore => {
  const tenants = new Map<TenantId, Map<GroupName, StoredGroup>>();
  const groupsOf = (tenant: TenantId): Map<GroupName, StoredGroup> => {
    const groups = tenants.get(tenant) ?? new Map<GroupName, StoredGroup>();
    tenants.set(tenant, groups);
    return groups;
  };
  const live = (tenant: TenantId, { name, incarnation }: GroupRef): StoredGroup | undefined => {
    const group = groupsOf(tenant).get(name);
    return group?.incarnation === incarnation ? group : undefined;
  };
  const made = (tenant: TenantId, name: GroupName): StoredGroup => {
    const known = groupsOf(tenant).get(name);
    const group = known ?? { generation: 0, incarnation: undefined, members: new Map(), leases: new Map() };
    groupsOf(tenant).set(name, group);
    return group;
  };
  return {
    read: async (tenant, name) => {
      const group = groupsOf(tenant).get(name);
      if (group?.incarnation === undefined) return undefined;
      const { incarnation, generation, members, leases } = group;
      return { incarnation, generation, members: [...members.values()], leases: [...leases.values()] };
    },
    list: async (tenant, page) => {
      const groups = [...groupsOf(tenant)].filter(([, { incarnation }]) => incarnation !== undefined);
      return pageOfNames(
        groups.map(([name]) => name),
        page,
      ) as GroupName[];
    },
    drawGeneration: async (tenant, name, now) => {
      const group = made(tenant, name);
      group.generation += 1;
      group.incarnation ??= now;
      return { incarnation: group.incarnation, generation: group.generation };
    },
    addMember: async (tenant, ref, member) => {
      const group = live(tenant, ref);
      if (group === undefined || group.members.has(member.name)) return false;
      group.members.set(member.name, member);
      return true;
    },
    renewMember: async (tenant, ref, member) => {
      const group = live(tenant, ref);
      if (group?.members.get(member.name)?.generation !== member.generation) return false;
      group.members.set(member.name, member);
      return true;
    },
    removeMember: async (tenant, ref, seen) => {
      const members = live(tenant, ref)?.members;
      const stored = members?.get(seen.name);
      if (stored?.generation !== seen.generation || stored.expiresAt !== seen.expiresAt) return false;
      return members?.delete(seen.name) ?? false;
    },
    writeLease: async (tenant, ref, next) => {
      const group = live(tenant, ref);
      if (group === undefined) return false;
      if ((group.leases.get(keyOf(next))?.version ?? 0) !== next.version - 1) return false;
      group.leases.set(keyOf(next), next);
      return true;
    },
    removeLease: async (tenant, ref, seen) => {
      const leases = live(tenant, ref)?.leases;
      return leases?.get(keyOf(seen))?.version === seen.version && leases.delete(keyOf(seen));
    },
    remove: async (tenant, name) => {
      const group = groupsOf(tenant).get(name);
      if (group?.incarnation === undefined) return false;
      group.incarnation = undefined;
      group.members.clear();
      group.leases.clear();
      return true;
    },
  };
};
