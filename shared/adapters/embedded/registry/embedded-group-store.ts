import type { GroupName, TenantId } from '../../../contract/ids.ts';
import type { GroupRef, GroupState, GroupStore, Joining, Lease, Member } from '../../../ports/group-store.ts';
import type { NamePage } from '../../../ports/topic-registry.ts';
import type { IndexTables } from '../index/index-tables.ts';
import { namedKey } from '../index/keys.ts';
import type { ConditionalWrites, WriteView } from './conditional-writes.ts';
import { type GroupRow, groupKey, leaseKey, memberKey, parseRow, removeRows, rowOf, rowsOf } from './group-rows.ts';

const readGroup = (from: Pick<WriteView, 'get'>, tenant: TenantId, group: GroupName): GroupRow | undefined => {
  const key = groupKey(tenant, group);
  return parseRow<GroupRow>('groups', key, from.get('groups', key));
};

const isLive = (view: WriteView, tenant: TenantId, { name, incarnation }: GroupRef): boolean =>
  readGroup(view, tenant, name)?.incarnation === incarnation;

/** Consumer groups in LMDB; every write is synced before it resolves. */
export const createEmbeddedGroupStore = (tables: IndexTables, writes: ConditionalWrites): GroupStore =>
  new EmbeddedGroupStore(tables, writes);

/** One row of a group, and as what it has to be found. */
interface Change<Value> {
  readonly table: 'members' | 'leases';
  readonly key: Buffer;
  readonly isAsSeen: (stored: Value | undefined) => boolean;
  /** Absent: the row is removed. */
  readonly next?: Value;
}

class EmbeddedGroupStore implements GroupStore {
  readonly #tables: IndexTables;
  readonly #writes: ConditionalWrites;

  constructor(tables: IndexTables, writes: ConditionalWrites) {
    this.#tables = tables;
    this.#writes = writes;
  }

  async read(tenant: TenantId, name: GroupName): Promise<GroupState | undefined> {
    const { incarnation, generation = 0 } = readGroup(this.#tables, tenant, name) ?? {};
    if (incarnation === undefined) return undefined;
    const members = rowsOf<Member>(this.#tables, 'members', tenant, name);
    return { incarnation, generation, members, leases: rowsOf<Lease>(this.#tables, 'leases', tenant, name) };
  }

  async list(tenant: TenantId, page: NamePage): Promise<GroupName[]> {
    return listNames(this.#tables, tenant, page);
  }

  drawGeneration(tenant: TenantId, name: GroupName, now: number): Promise<Joining> {
    return this.#writes.run((view) => {
      const seen = readGroup(view, tenant, name);
      const incarnation = seen?.incarnation ?? Math.max(now, (seen?.lastIncarnation ?? 0) + 1);
      const next = { incarnation, generation: (seen?.generation ?? 0) + 1 };
      view.put('groups', groupKey(tenant, name), rowOf(next));
      return next;
    });
  }

  addMember(tenant: TenantId, group: GroupRef, member: Member): Promise<boolean> {
    const key = memberKey(tenant, group.name, member.name);
    const isAsSeen = (stored: Member | undefined): boolean => stored === undefined;
    return this.#change<Member>(tenant, group, { table: 'members', key, isAsSeen, next: member });
  }

  renewMember(tenant: TenantId, group: GroupRef, member: Member): Promise<boolean> {
    const key = memberKey(tenant, group.name, member.name);
    const isAsSeen = (stored: Member | undefined): boolean => stored?.generation === member.generation;
    return this.#change<Member>(tenant, group, { table: 'members', key, isAsSeen, next: member });
  }

  removeMember(tenant: TenantId, group: GroupRef, { name, generation, expiresAt }: Member): Promise<boolean> {
    const key = memberKey(tenant, group.name, name);
    const isAsSeen = (stored: Member | undefined): boolean =>
      stored?.generation === generation && stored.expiresAt === expiresAt;
    return this.#change<Member>(tenant, group, { table: 'members', key, isAsSeen });
  }

  writeLease(tenant: TenantId, group: GroupRef, next: Lease): Promise<boolean> {
    const key = leaseKey(tenant, group.name, next);
    const isAsSeen = (stored: Lease | undefined): boolean => (stored?.version ?? 0) === next.version - 1;
    return this.#change<Lease>(tenant, group, { table: 'leases', key, isAsSeen, next });
  }

  removeLease(tenant: TenantId, group: GroupRef, seen: Lease): Promise<boolean> {
    const key = leaseKey(tenant, group.name, seen);
    const isAsSeen = (stored: Lease | undefined): boolean => stored?.version === seen.version;
    return this.#change<Lease>(tenant, group, { table: 'leases', key, isAsSeen });
  }

  remove(tenant: TenantId, name: GroupName): Promise<boolean> {
    return this.#writes.run((view) => {
      const { generation = 0, incarnation } = readGroup(view, tenant, name) ?? {};
      if (incarnation === undefined) return false;
      view.put('groups', groupKey(tenant, name), rowOf({ generation, lastIncarnation: incarnation }));
      removeRows(view, 'members', tenant, name);
      removeRows(view, 'leases', tenant, name);
      return true;
    });
  }

  /** Puts the row, or removes it, if the group is there and the row is as it has to be. */
  #change<Value extends Member | Lease>(
    tenant: TenantId,
    group: GroupRef,
    { table, key, isAsSeen, next }: Change<Value>,
  ): Promise<boolean> {
    return this.#writes.run((view) => {
      if (!isLive(view, tenant, group)) return false;
      if (!isAsSeen(parseRow<Value>(table, key, view.get(table, key)))) return false;
      if (next === undefined) view.remove(table, key);
      else view.put(table, key, rowOf(next));
      return true;
    });
  }
}

/** Behind every ASCII name. */
const BEHIND = Buffer.from([0xff]);

const listNames = (tables: IndexTables, tenant: TenantId, { prefix = '', after, limit }: NamePage): GroupName[] => {
  const first = namedKey(tenant, prefix);
  const behind = namedKey(tenant, `${after ?? ''}\0`);
  const from = after === undefined || Buffer.compare(first, behind) > 0 ? first : behind;
  const to = Buffer.concat([first, BEHIND]);
  const names: GroupName[] = [];
  if (Buffer.compare(from, to) >= 0) return names;
  for (const { key, payload } of tables.range('groups', { from, to })) {
    if (names.length >= limit) break;
    if (parseRow<GroupRow>('groups', key, payload)?.incarnation === undefined) continue;
    names.push(key.toString('latin1', tenant.length + 1) as GroupName);
  }
  return names;
};
