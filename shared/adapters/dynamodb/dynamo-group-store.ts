import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { GroupName, TenantId } from '../../contract/ids.ts';
import type { GroupRef, GroupState, GroupStore, Joining, Lease, Member } from '../../ports/group-store.ts';
import {
  COUNTER,
  counterKey,
  isLease,
  isMember,
  leaseIn,
  leaseItem,
  leaseKey,
  memberIn,
  memberItem,
  memberKey,
  numberIn,
  sortKeyOf,
} from './group-item.ts';
import { numberOf } from './head-item.ts';
import { groupPartition, groupsPartition, namedKey } from './keys.ts';
import { listNamed } from './named-items.ts';
import { clearRemoved, noteOf } from './remains.ts';
import { type Item, type Put, Table, type TableOptions } from './table.ts';
import { untilAnswered, writeIf } from './write-again.ts';

/** Every item of a group. */
const itemsOf = (table: Table, tenant: TenantId, group: GroupName): Promise<Item[]> =>
  table.queryPartition(groupPartition(tenant, group));

const read = async (table: Table, tenant: TenantId, group: GroupName): Promise<GroupState | undefined> => {
  const items = await itemsOf(table, tenant, group);
  const counter = items.find((item) => sortKeyOf(item) === COUNTER);
  if (counter?.['i'] === undefined) return undefined;
  const incarnation = numberIn(counter, 'i');
  const own = items.filter((item) => numberIn(item, 'i') === incarnation);
  return {
    incarnation,
    generation: numberIn(counter, 'n'),
    members: own.filter(isMember).map(memberIn),
    leases: own.filter(isLease).map(leaseIn),
  };
};

/** Greater than that of the group that had the name before, whatever the clocks say. */
const draw = async (table: Table, tenant: TenantId, group: GroupName, now: number): Promise<Joining> => {
  const update = {
    Key: { ...counterKey(tenant, group) },
    UpdateExpression: 'SET n = if_not_exists(n, :zero) + :one, i = if_not_exists(i, :now)',
    ConditionExpression: 'attribute_exists(i) OR attribute_not_exists(l) OR l < :now',
    ExpressionAttributeValues: { ':zero': numberOf(0), ':one': numberOf(1), ':now': numberOf(now) },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
  try {
    // A number that nobody heard of is lost, which does no harm: so it may be sent again.
    const drawn = await untilAnswered(table, () => table.update(update));
    return { incarnation: numberIn(drawn, 'i'), generation: numberIn(drawn, 'n') };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return draw(table, tenant, group, numberIn(error.Item, 'l') + 1);
  }
};

/** The name is written with every member, so that no group that has had one is missing from the list. */
const addMember = (table: Table, tenant: TenantId, group: GroupRef, member: Member): Promise<boolean> => {
  const incarnation = numberOf(group.incarnation);
  return writeIf(table, () =>
    table.transact([
      {
        ConditionCheck: {
          Key: { ...counterKey(tenant, group.name) },
          ConditionExpression: 'i = :i',
          ExpressionAttributeValues: { ':i': incarnation },
        },
      },
      { Put: { Item: { ...namedKey(groupsPartition(tenant), group.name) } } },
      { Put: { Item: memberItem(tenant, group, member), ...ifAbsent(group) } },
    ]),
  );
};

/** What an older incarnation has left counts as absent; whoever takes the group for an older one writes nothing. */
const ifAbsent = ({ incarnation }: GroupRef): Pick<Put, 'ConditionExpression' | 'ExpressionAttributeValues'> => ({
  ConditionExpression: 'attribute_not_exists(pk) OR i < :i',
  ExpressionAttributeValues: { ':i': numberOf(incarnation) },
});

const ifStill = (group: GroupRef, seen: Readonly<Record<string, number>>) => ({
  ConditionExpression: ['i = :i', ...Object.keys(seen).map((name) => `${name} = :${name}`)].join(' AND '),
  ExpressionAttributeValues: {
    ':i': numberOf(group.incarnation),
    ...Object.fromEntries(Object.entries(seen).map(([name, value]) => [`:${name}`, numberOf(value)])),
  },
});

const writeLease = (table: Table, tenant: TenantId, group: GroupRef, next: Lease): Promise<boolean> => {
  const condition = next.version === 1 ? ifAbsent(group) : ifStill(group, { v: next.version - 1 });
  return writeIf(table, () => table.put({ Item: leaseItem(tenant, group, next), ...condition }));
};

/** From the moment that the incarnation is gone nobody sees anything of it; what is left is swept up behind. */
const remove = async (table: Table, tenant: TenantId, group: GroupName): Promise<boolean> => {
  const counter = await table.get(counterKey(tenant, group));
  if (counter?.['i'] === undefined) return false;
  const removed = { partition: groupPartition(tenant, group), incarnation: numberIn(counter, 'i') };
  const isGone = await writeIf(table, () =>
    table.transact([
      {
        Update: {
          Key: { ...counterKey(tenant, group) },
          UpdateExpression: 'SET l = i REMOVE i',
          ConditionExpression: 'i = :i',
          ExpressionAttributeValues: { ':i': counter['i']! },
        },
      },
      { Delete: { Key: { ...namedKey(groupsPartition(tenant), group) } } },
      noteOf(removed, table.clock.now()),
    ]),
  );
  if (isGone) await clearRemoved(table, removed);
  return isGone;
};

/** Consumer groups: a query reads one, and every write is one item's and conditional. */
export const createDynamoGroupStore = (options: TableOptions): GroupStore => {
  const table = new Table(options);
  return {
    read: (tenant, group) => read(table, tenant, group),
    list: async (tenant, page) =>
      (await listNamed(table, groupsPartition(tenant), page)).map((item) => sortKeyOf(item) as GroupName),
    drawGeneration: (tenant, group, now) => draw(table, tenant, group, now),
    addMember: (tenant, group, member) => addMember(table, tenant, group, member),
    renewMember: (tenant, group, member) =>
      writeIf(table, () =>
        table.put({ Item: memberItem(tenant, group, member), ...ifStill(group, { g: member.generation }) }),
      ),
    removeMember: (tenant, group, { name, generation, expiresAt }) =>
      writeIf(table, () =>
        table.delete({
          Key: { ...memberKey(tenant, group, name) },
          ...ifStill(group, { g: generation, e: expiresAt }),
        }),
      ),
    writeLease: (tenant, group, next) => writeLease(table, tenant, group, next),
    removeLease: (tenant, group, seen) =>
      writeIf(table, () =>
        table.delete({ Key: { ...leaseKey(tenant, group, seen) }, ...ifStill(group, { v: seen.version }) }),
      ),
    remove: (tenant, group) => remove(table, tenant, group),
  };
};
