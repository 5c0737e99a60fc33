import type { GroupName, TenantId, TopicName } from '../contract/ids.ts';
import type { Scope } from '../contract/scope.ts';
import type { Ports } from '../ports/ports.ts';
import { type ListPage, type ListQuery, listPage } from '../tenancy/list-page.ts';
import { opensTopic } from '../tenancy/scopes.ts';
import { type IsVisible, isVisibleIn } from './describe.ts';

interface Listed {
  readonly name: GroupName;
  readonly isVisible: boolean;
}

/** The topics that these scopes open for groups. */
export const visibleBy =
  (scopes: readonly Scope[]): IsVisible =>
  (topic: TopicName) =>
    opensTopic(scopes, ['subscribe'], topic);

const opensAll = (scopes: readonly Scope[]): boolean =>
  scopes.some(({ actions, topics }) => actions.includes('subscribe') && topics.includes('*'));

/** Groups by name. Only for a key of some topics has each to be looked at. @throws {ChasquiError} `invalid_cursor` */
export async function listGroups(
  ports: Pick<Ports, 'groups'>,
  tenant: TenantId,
  scopes: readonly Scope[],
  query: ListQuery,
): Promise<ListPage<GroupName>> {
  const seesAll = opensAll(scopes);
  const look = async (name: GroupName): Promise<Listed> => {
    if (seesAll) return { name, isVisible: true };
    const state = await ports.groups.read(tenant, name);
    return { name, isVisible: state !== undefined && isVisibleIn(state, visibleBy(scopes)) };
  };
  const { items, nextCursor } = await listPage<Listed>(
    {
      list: `groups of ${tenant}`,
      read: async (page) => Promise.all((await ports.groups.list(tenant, page)).map(look)),
      nameOf: ({ name }) => name,
      visible: ({ isVisible }) => isVisible,
    },
    query,
  );
  return { items: items.map(({ name }) => name), nextCursor };
}
