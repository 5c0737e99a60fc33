import type { GroupName, TenantId } from '../../../contract/ids.ts';
import type { GroupRef, GroupStore, Lease, Member } from '../../../ports/group-store.ts';
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
export const createEmbeddedGroupStore = (tables: IndexTables, writes: ConditionalWrites): GroupStore => {
  /** Puts the row, or removes it, if the group is there and the row is as it has to be. */
  const change = <Value extends Member | Lease>(
    tenant: TenantId,
    group: GroupRef,
    table: 'members' | 'leases',
    key: Buffer,
    isAsSeen: (stored: Value | undefined) => boolean,
    next?: Value,
  ): Promise<boolean> =>
    writes.run((view) => {
      if (!isLive(view, tenant, group)) return false;
      if (!isAsSeen(parseRow<Value>(table, key, view.get(table, key)))) return false;
      if (next === undefined) view.remove(table, key);
      else view.put(table, key, rowOf(next));
      return true;
    });

  return {
    read: async (tenant, name) => {
      const { incarnation, generation = 0 } = readGroup(tables, tenant, name) ?? {};
      if (incarnation === undefined) return undefined;
      const members = rowsOf<Member>(tables, 'members', tenant, name);
      return { incarnation, generation, members, leases: rowsOf<Lease>(tables, 'leases', tenant, name) };
    },
    list: async (tenant, page) => listNames(tables, tenant, page),
    drawGeneration: (tenant, name, now) =>
      writes.run((view) => {
        const { generation = 0, incarnation = now } = readGroup(view, tenant, name) ?? {};
        const next = { incarnation, generation: generation + 1 };
        view.put('groups', groupKey(tenant, name), rowOf(next));
        return next;
      }),
    addMember: (tenant, group, member) => {
      const key = memberKey(tenant, group.name, member.name);
      return change<Member>(tenant, group, 'members', key, (stored) => stored === undefined, member);
    },
    renewMember: (tenant, group, member) => {
      const key = memberKey(tenant, group.name, member.name);
      return change<Member>(
        tenant,
        group,
        'members',
        key,
        (stored) => stored?.generation === member.generation,
        member,
      );
    },
    removeMember: (tenant, group, { name, generation, expiresAt }) =>
      change<Member>(
        tenant,
        group,
        'members',
        memberKey(tenant, group.name, name),
        (stored) => stored?.generation === generation && stored.expiresAt === expiresAt,
      ),
    writeLease: (tenant, group, next) => {
      const key = leaseKey(tenant, group.name, next);
      return change<Lease>(tenant, group, 'leases', key, (stored) => (stored?.version ?? 0) === next.version - 1, next);
    },
    removeLease: (tenant, group, seen) => {
      const key = leaseKey(tenant, group.name, seen);
      return change<Lease>(tenant, group, 'leases', key, (stored) => stored?.version === seen.version);
    },
    remove: (tenant, name) =>
      writes.run((view) => {
        const { generation = 0, incarnation } = readGroup(view, tenant, name) ?? {};
        if (incarnation === undefined) return false;
        view.put('groups', groupKey(tenant, name), rowOf({ generation }));
        removeRows(view, 'members', tenant, name);
        removeRows(view, 'leases', tenant, name);
        return true;
      }),
  };
};

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
