import { ChasquiError } from '../contract/errors.ts';
import type { GroupName, TenantId } from '../contract/ids.ts';
import type { Ports } from '../ports/ports.ts';
import { type IsVisible, topicsOf, visibleState } from './describe.ts';
import { groupGone } from './fenced.ts';
import { announceGroup } from './group-ports.ts';

/** Members that live find nothing to commit to, and make it anew with their next poll. @throws {ChasquiError} `group_not_found`, `forbidden` */
export async function deleteGroup(
  ports: Pick<Ports, 'groups' | 'signal'>,
  tenant: TenantId,
  group: GroupName,
  isVisible: IsVisible,
): Promise<void> {
  const state = await visibleState(ports, tenant, group, isVisible);
  if (![...topicsOf(state)].every(isVisible))
    throw new ChasquiError('forbidden', 'The key lacks subscribe on a topic of this group.');
  if (!(await ports.groups.remove(tenant, group))) throw groupGone();
  announceGroup(ports, tenant, group);
}
