import type { GroupName, MemberName, TenantId } from '../contract/ids.ts';
import type { Ports } from '../ports/ports.ts';
import { needsHeartbeat } from './admit.ts';
import { type IsVisible, visibleState } from './describe.ts';
import { fenced, groupGone, memberOf } from './fenced.ts';
import { refOf } from './group-ports.ts';

export interface HeartbeatCall {
  readonly tenant: TenantId;
  readonly group: GroupName;
  readonly member: MemberName;
  readonly generation: number;
}

/** @throws {ChasquiError} `group_not_found`, `member_not_found`, `fenced` */
export async function heartbeat(
  ports: Pick<Ports, 'groups' | 'clock'>,
  call: HeartbeatCall,
  isVisible: IsVisible,
): Promise<void> {
  const { tenant, group, member, generation } = call;
  const state = await visibleState(ports, tenant, group, isVisible);
  const me = memberOf(state, member, generation, isVisible);
  const now = ports.clock.now();
  if (!needsHeartbeat(me, now)) return;
  const ref = refOf(group, state);
  if (await ports.groups.renewMember(tenant, ref, { ...me, expiresAt: now + me.sessionTimeoutMs })) return;
  const since = await ports.groups.read(tenant, group);
  throw since === undefined ? groupGone() : fenced(since, member, 'The member was declared dead.');
}
