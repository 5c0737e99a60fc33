import type { FetchedRecord, SkippedRange } from './fetched.ts';
import type { Page, PageQuery } from './page.ts';
import { type ApiAnswer, jsonOf, pathOf, type Transport } from './transport.ts';

export interface Place {
  readonly topic: string;
  readonly partition: number;
}

export interface GroupPoll {
  readonly topics: readonly string[];
  /** Of the answer before; without one, reading goes on at the committed offsets. */
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
  readonly maxBytes?: number | undefined;
  readonly waitMs?: number | undefined;
  /** Commits what the cursor shows was received. */
  readonly autoCommit?: boolean | undefined;
  readonly sessionTimeoutMs?: number | undefined;
  readonly from?: 'earliest' | 'latest' | undefined;
}

export interface GroupPolled {
  readonly generation: number;
  readonly assignment: readonly Place[];
  readonly revoking: readonly Place[];
  readonly records: readonly (FetchedRecord & Place)[];
  readonly cursor: string;
  readonly skipped?: readonly SkippedRange[];
}

/** The next offset to read. */
export interface GroupOffset extends Place {
  readonly offset: number;
}

export interface GroupMember {
  readonly member: string;
  readonly generation: number;
  readonly topics: readonly string[];
  readonly assignment: readonly Place[];
  readonly expiresAt: string;
}

export interface GroupPartition extends Place {
  readonly owner: string | null;
  readonly committedOffset: number | null;
  readonly logStartOffset: number;
  readonly highWatermark: number;
  readonly lag: number;
}

export interface Group {
  readonly group: string;
  readonly members: readonly GroupMember[];
  readonly partitions: readonly GroupPartition[];
  readonly lag: number;
}

export interface GroupSeek {
  readonly topic: string;
  readonly partitions?: readonly number[] | undefined;
  readonly to: 'earliest' | 'latest' | { readonly timestamp: number } | { readonly offset: number };
  readonly dryRun?: boolean | undefined;
}

export interface SoughtOffset extends Place {
  readonly from: number | null;
  readonly to: number;
}

/** Every one of these may be sent twice: what a member holds, and where it stands, is the same afterwards. */
export const groupsOf = (transport: Transport) => {
  const groupPath = (group: string) => pathOf('v1', 'groups', group);
  const memberPath = (group: string, member: string) => pathOf('v1', 'groups', group, 'members', member);
  const poll = (group: string, member: string, json: GroupPoll, signal?: AbortSignal): Promise<ApiAnswer> => {
    const path = `${memberPath(group, member)}/poll`;
    return transport({ method: 'POST', path, json, repeatable: true, waitMs: json.waitMs, signal });
  };
  return {
    list: async (query: PageQuery = {}): Promise<Page<{ readonly group: string }>> =>
      jsonOf(await transport({ method: 'GET', path: '/v1/groups', query: { ...query } })),
    get: async (group: string): Promise<Group> => jsonOf(await transport({ method: 'GET', path: groupPath(group) })),
    delete: async (group: string): Promise<void> => {
      await transport({ method: 'DELETE', path: groupPath(group) });
    },
    seek: async (
      group: string,
      json: GroupSeek,
    ): Promise<{ readonly offsets: readonly SoughtOffset[]; readonly dryRun: boolean }> =>
      jsonOf(await transport({ method: 'POST', path: `${groupPath(group)}/seek`, json })),
    /** Joins, stays, and reads. */
    poll: async (group: string, member: string, json: GroupPoll, signal?: AbortSignal): Promise<GroupPolled> =>
      jsonOf(await poll(group, member, json, signal)),
    /** The same as the text that came, with every digit of every number. */
    pollText: async (group: string, member: string, json: GroupPoll, signal?: AbortSignal): Promise<string> =>
      new TextDecoder().decode((await poll(group, member, json, signal)).bytes),
    commit: async (
      group: string,
      member: string,
      json: { readonly generation: number; readonly offsets: readonly GroupOffset[] },
    ): Promise<{ readonly offsets: readonly GroupOffset[] }> =>
      jsonOf(await transport({ method: 'POST', path: `${memberPath(group, member)}/commit`, json, repeatable: true })),
    heartbeat: async (group: string, member: string, generation: number): Promise<void> => {
      const path = `${memberPath(group, member)}/heartbeat`;
      await transport({ method: 'POST', path, json: { generation }, repeatable: true });
    },
    leave: async (group: string, member: string): Promise<void> => {
      await transport({ method: 'DELETE', path: memberPath(group, member) });
    },
  };
};
