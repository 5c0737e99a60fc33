import type { GroupName, TenantId } from '../contract/ids.ts';
import type { FetchPorts } from '../log/fetch-partition.ts';
import type { SignalRef } from '../ports/commit-signal.ts';
import type { Ports } from '../ports/ports.ts';

export type GroupPorts = FetchPorts & Pick<Ports, 'groups' | 'topics'>;

/** What polls that wait are woken by when their group changes. No topic's id has a slash. */
export const groupSignal = (group: GroupName): SignalRef => ({ topicId: `group/${group}`, partition: 0 });

export const announceGroup = (ports: Pick<Ports, 'signal'>, tenant: TenantId, group: GroupName): void =>
  ports.signal.announce(tenant, groupSignal(group));
