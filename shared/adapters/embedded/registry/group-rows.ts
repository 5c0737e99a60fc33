import type { GroupName, TenantId } from '../../../contract/ids.ts';
import type { Lease, Member } from '../../../ports/group-store.ts';
import { IndexDamagedError } from '../../../ports/offset-store.ts';
import type { IndexTables, Row, TableName } from '../index/index-tables.ts';
import { namedKey } from '../index/keys.ts';
import type { WriteView } from './conditional-writes.ts';

/*
 * A group is a row by its name, which stays when the group is removed, so that no generation is used twice; and a row for each member
 * and lease, under the group's name and a zero byte, which no name holds.
 */
export interface GroupRow {
  readonly generation: number;
  /** Absent: it was removed. */
  readonly incarnation?: number;
  /** Of the group that was removed. */
  readonly lastIncarnation?: number;
}

export const groupKey = (tenant: TenantId, group: GroupName): Buffer => namedKey(tenant, group);
export const memberKey = (tenant: TenantId, group: GroupName, member: string): Buffer =>
  namedKey(tenant, `${group}\0${member}`);
export const leaseKey = (tenant: TenantId, group: GroupName, { topicId, partition }: Lease): Buffer =>
  namedKey(tenant, `${group}\0${topicId}${String(partition).padStart(4, '0')}`);

const parse = <Value>(table: TableName, { key, payload }: Row): Value => {
  try {
    return JSON.parse(payload.toString('utf8')) as Value;
  } catch (cause) {
    throw new IndexDamagedError(`index/${table} ${key.toString('hex')}`, { cause });
  }
};

export const parseRow = <Value>(table: TableName, key: Buffer, payload: Buffer | undefined): Value | undefined =>
  payload && parse<Value>(table, { key, payload });

export const rowOf = (value: GroupRow | Member | Lease): Buffer => Buffer.from(JSON.stringify(value));

const rangeOf = (tenant: TenantId, group: GroupName) => ({
  from: namedKey(tenant, `${group}\0`),
  to: namedKey(tenant, `${group}\u0001`),
});

/** Every row of the table that is of the group. */
export const rowsOf = <Value>(
  tables: IndexTables,
  table: 'members' | 'leases',
  tenant: TenantId,
  group: GroupName,
): Value[] => [...tables.range(table, rangeOf(tenant, group))].map((row) => parse<Value>(table, row));

export const removeRows = (view: WriteView, table: 'members' | 'leases', tenant: TenantId, group: GroupName): void => {
  const { from, to } = rangeOf(tenant, group);
  for (const key of view.keys(table, from, to)) view.remove(table, key);
};
