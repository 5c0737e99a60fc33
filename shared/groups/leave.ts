import type { GroupName, MemberName, TenantId } from '../contract/ids.ts';
import type { Ports } from '../ports/ports.ts';
import { type IsVisible, visibleState } from './describe.ts';
import { memberGone } from './fenced.ts';
import { announceGroup } from './group-ports.ts';

type LeavePorts = Pick<Ports, 'groups' | 'signal'>;

/** The member is gone, and what it had is free to take. @throws {ChasquiError} `group_not_found`, `member_not_found` */
export async function leaveGroup(
  ports: LeavePorts,
  tenant: TenantId,
  group: GroupName,
  member: MemberName,
  isVisible: IsVisible,
): Promise<void> {
  for (;;) {
    const state = await visibleState(ports, tenant, group, isVisible);
    const seen = state.members.find(({ name }) => name === member);
    if (seen?.topics.every(isVisible) !== true) throw memberGone();
    const ref = { name: group, incarnation: state.incarnation };
    // False: it has renewed its session at this moment; it leaves all the same.
    if (await ports.groups.removeMember(tenant, ref, seen)) return announceGroup(ports, tenant, group);
  }
}
