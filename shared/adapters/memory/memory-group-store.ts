import type { GroupName, TenantId } from '../../contract/ids.ts';
import type { GroupRef, GroupState, GroupStore, Joining, Lease, Member } from '../../ports/group-store.ts';
import type { NamePage } from '../../ports/topic-registry.ts';
import { pageOfNames } from './page-of-names.ts';

interface StoredGroup {
  /** Outlives the group. */
  generation: number;
  /** Undefined: it was removed. */
  incarnation: number | undefined;
  /** Of the group before. */
  lastIncarnation: number;
  readonly members: Map<string, Member>;
  readonly leases: Map<string, Lease>;
}

const keyOf = ({ topicId, partition }: Lease): string => `${topicId}/${partition}`;

/** Groups in maps; for tests. */
export const createMemoryGroupStore = (): GroupStore => new MemoryGroupStore();

class MemoryGroupStore implements GroupStore {
  readonly #tenants = new Map<TenantId, Map<GroupName, StoredGroup>>();

  async read(tenant: TenantId, name: GroupName): Promise<GroupState | undefined> {
    const group = this.#groupsOf(tenant).get(name);
    if (group?.incarnation === undefined) return undefined;
    const { incarnation, generation, members, leases } = group;
    return { incarnation, generation, members: [...members.values()], leases: [...leases.values()] };
  }

  async list(tenant: TenantId, page: NamePage): Promise<GroupName[]> {
    const groups = [...this.#groupsOf(tenant)].filter(([, { incarnation }]) => incarnation !== undefined);
    const names = groups.map(([name]) => name);
    return pageOfNames(names, page) as GroupName[];
  }

  async drawGeneration(tenant: TenantId, name: GroupName, now: number): Promise<Joining> {
    const known = this.#groupsOf(tenant).get(name);
    const none = { generation: 0, incarnation: undefined, lastIncarnation: 0 };
    const group = known ?? { ...none, members: new Map(), leases: new Map() };
    this.#groupsOf(tenant).set(name, group);
    group.generation += 1;
    group.incarnation ??= Math.max(now, group.lastIncarnation + 1);
    return { incarnation: group.incarnation, generation: group.generation };
  }

  async addMember(tenant: TenantId, ref: GroupRef, member: Member): Promise<boolean> {
    const group = this.#live(tenant, ref);
    if (group === undefined || group.members.has(member.name)) return false;
    group.members.set(member.name, member);
    return true;
  }

  async renewMember(tenant: TenantId, ref: GroupRef, member: Member): Promise<boolean> {
    const group = this.#live(tenant, ref);
    if (group?.members.get(member.name)?.generation !== member.generation) return false;
    group.members.set(member.name, member);
    return true;
  }

  async removeMember(tenant: TenantId, ref: GroupRef, seen: Member): Promise<boolean> {
    const members = this.#live(tenant, ref)?.members;
    const stored = members?.get(seen.name);
    if (stored?.generation !== seen.generation || stored.expiresAt !== seen.expiresAt) return false;
    return members?.delete(seen.name) ?? false;
  }

  async writeLease(tenant: TenantId, ref: GroupRef, next: Lease): Promise<boolean> {
    const group = this.#live(tenant, ref);
    if (group === undefined) return false;
    if ((group.leases.get(keyOf(next))?.version ?? 0) !== next.version - 1) return false;
    group.leases.set(keyOf(next), next);
    return true;
  }

  async removeLease(tenant: TenantId, ref: GroupRef, seen: Lease): Promise<boolean> {
    const leases = this.#live(tenant, ref)?.leases;
    return leases?.get(keyOf(seen))?.version === seen.version && leases.delete(keyOf(seen));
  }

  async remove(tenant: TenantId, name: GroupName): Promise<boolean> {
    const group = this.#groupsOf(tenant).get(name);
    if (group?.incarnation === undefined) return false;
    group.lastIncarnation = group.incarnation;
    group.incarnation = undefined;
    group.members.clear();
    group.leases.clear();
    return true;
  }

  #groupsOf(tenant: TenantId): Map<GroupName, StoredGroup> {
    const groups = this.#tenants.get(tenant) ?? new Map<GroupName, StoredGroup>();
    this.#tenants.set(tenant, groups);
    return groups;
  }

  #live(tenant: TenantId, { name, incarnation }: GroupRef): StoredGroup | undefined {
    const group = this.#groupsOf(tenant).get(name);
    return group?.incarnation === incarnation ? group : undefined;
  }
}
