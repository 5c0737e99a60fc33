import type { GroupName, MemberName, TenantId } from '../contract/ids.ts';
import type { Ports } from '../ports/ports.ts';
import { retryConditional } from '../tenancy/retry-conditional.ts';
import { type IsVisible, visibleState } from './describe.ts';
import { memberGone } from './fenced.ts';
import { announceGroup, refOf } from './group-ports.ts';

type LeavePorts = Pick<Ports, 'groups' | 'signal'>;

/** The member is gone, and what it had is free to take. @throws {ChasquiError} `group_not_found`, `member_not_found` */
export async function leaveGroup(
  ports: LeavePorts,
  tenant: TenantId,
  group: GroupName,
  member: MemberName,
  isVisible: IsVisible,
): Promise<void> {
  await retryConditional(async () => {
    const state = await visibleState(ports, tenant, group, isVisible);
    const seen = state.members.find(({ name }) => name === member);
    if (seen?.topics.every(isVisible) !== true) throw memberGone();
    const ref = refOf(group, state);
    // False: it has renewed its session at this moment; it leaves all the same.
    return (await ports.groups.removeMember(tenant, ref, seen)) || undefined;
  });
  announceGroup(ports, tenant, group);
}
