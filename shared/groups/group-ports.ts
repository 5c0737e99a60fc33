import type { GroupName, TenantId } from '../contract/ids.ts';
import type { FetchPorts } from '../log/fetch-partition.ts';
import type { SignalRef } from '../ports/commit-signal.ts';
import type { GroupRef } from '../ports/group-store.ts';
import type { Ports } from '../ports/ports.ts';

export type GroupPorts = FetchPorts & Pick<Ports, 'groups' | 'topics'>;

/** What polls that wait are woken by when their group changes. No topic's id has a slash. */
export const groupSignal = (group: GroupName): SignalRef => ({ topicId: `group/${group}`, partition: 0 });

export const announceGroup = (ports: Pick<Ports, 'signal'>, tenant: TenantId, group: GroupName): void =>
  ports.signal.announce(tenant, groupSignal(group));

/** The group as it was seen: what is written to it goes to no other that has its name later. */
export const refOf = (name: GroupName, { incarnation }: Pick<GroupRef, 'incarnation'>): GroupRef => ({
  name,
  incarnation,
});
