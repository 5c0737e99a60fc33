import { LIMITS } from '../limits.ts';
import { topicOfSeek, topicsOfCommit, topicsOfPoll } from '../named-topics.ts';
import type { Route } from '../route.ts';
import {
  GROUP,
  GROUP_COMMIT,
  GROUP_COMMITTED,
  GROUP_HEARTBEAT,
  GROUP_PAGE,
  GROUP_POLL,
  GROUP_POLLED,
  GROUP_SEEK,
  GROUP_SOUGHT,
} from '../schemas/group.ts';
import { LIST_QUERY, NO_QUERY } from '../schemas/query.ts';

const shared = {
  function: 'subscribe',
  tag: 'Groups',
  credential: 'tenant',
  keyAction: 'subscribe',
  query: NO_QUERY,
  body: { kind: 'none' },
} as const;

const MEMBER = '/v1/groups/:group/members/:member';
const BODY_ERRORS = ['invalid_json', 'payload_too_large', 'unsupported_media_type'] as const;
const PLACE = { topic: 'orders', partition: 0 };
const AT = { ...PLACE, offset: 8 };
const RECORD = { ...PLACE, offset: 7, timestamp: 1760000000000, key: 'k', value: { any: 'json' }, headers: {} };

export const GROUP_ROUTES = {
  pollGroup: {
    ...shared,
    method: 'POST',
    path: `${MEMBER}/poll`,
    namedTopics: topicsOfPoll,
    body: {
      kind: 'json',
      schema: GROUP_POLL,
      maxBytes: LIMITS.groupRequestBytes,
      example: { topics: ['orders'], waitMs: 1000 },
    },
    summary: 'Join a group, stay in it, and read',
    description:
      'With the `cursor` of the answer before, reading goes on behind that answer; without one, at the committed offsets. A partition in `revoking` gives nothing new and moves when what was received of it is committed, or after one session time-out.',
    answers: {
      200: {
        description: 'Records of the partitions that the member has.',
        schema: GROUP_POLLED,
        example: { generation: 3, assignment: [PLACE], revoking: [], records: [RECORD], cursor: 'AAEC' },
      },
    },
    errors: [...BODY_ERRORS, 'invalid_cursor', 'fenced'],
  },
  commitGroup: {
    ...shared,
    method: 'POST',
    path: `${MEMBER}/commit`,
    namedTopics: topicsOfCommit,
    body: {
      kind: 'json',
      schema: GROUP_COMMIT,
      maxBytes: LIMITS.groupRequestBytes,
      example: { generation: 3, offsets: [AT] },
    },
    summary: 'Commit offsets',
    description: 'An offset is the next one to read, as in Kafka. Commits move forward only; going back is `seek`.',
    answers: {
      200: { description: 'The offsets as they now stand.', schema: GROUP_COMMITTED, example: { offsets: [AT] } },
    },
    errors: [...BODY_ERRORS, 'group_not_found', 'member_not_found', 'topic_not_found', 'fenced', 'offset_out_of_range'],
  },
  heartbeatGroup: {
    ...shared,
    method: 'POST',
    path: `${MEMBER}/heartbeat`,
    body: {
      kind: 'json',
      schema: GROUP_HEARTBEAT,
      maxBytes: LIMITS.metadataRequestBytes,
      example: { generation: 3 },
    },
    summary: 'Stay in the group',
    description: 'For work that outlasts the session; every poll does the same.',
    answers: { 204: { description: 'The session begins anew.' } },
    errors: [...BODY_ERRORS, 'group_not_found', 'member_not_found', 'fenced'],
  },
  leaveGroup: {
    ...shared,
    method: 'DELETE',
    path: MEMBER,
    summary: 'Leave a group at once',
    answers: { 204: { description: 'Its partitions are free.' } },
    errors: ['group_not_found', 'member_not_found'],
  },
  listGroups: {
    ...shared,
    method: 'GET',
    path: '/v1/groups',
    query: LIST_QUERY,
    summary: "List the groups in the key's scope",
    answers: {
      200: {
        description: 'Groups in the order of their names.',
        schema: GROUP_PAGE,
        example: { data: [{ group: 'billing' }], nextCursor: null },
      },
    },
    errors: ['invalid_cursor'],
  },
  getGroup: {
    ...shared,
    method: 'GET',
    path: '/v1/groups/:group',
    summary: 'Show a group',
    description: "Only what is of topics in the key's scope.",
    answers: {
      200: {
        description: 'Members, partitions and how far behind they are.',
        schema: GROUP,
        example: {
          group: 'billing',
          members: [
            {
              member: 'worker-1',
              generation: 3,
              topics: ['orders'],
              assignment: [PLACE],
              expiresAt: '2026-01-31T12:00:00.000Z',
            },
          ],
          partitions: [
            { ...PLACE, owner: 'worker-1', committedOffset: 7, logStartOffset: 0, highWatermark: 8, lag: 1 },
          ],
          lag: 1,
        },
      },
    },
    errors: ['group_not_found'],
  },
  seekGroup: {
    ...shared,
    method: 'POST',
    path: '/v1/groups/:group/seek',
    namedTopics: topicOfSeek,
    body: {
      kind: 'json',
      schema: GROUP_SEEK,
      maxBytes: LIMITS.metadataRequestBytes,
      example: { topic: 'orders', to: { timestamp: 1760000000000 }, dryRun: true },
    },
    summary: "Move a group's committed offsets",
    description: 'Fences the cursors of members that have the partitions: they poll once without one.',
    answers: {
      200: {
        description: 'Where the offsets were and are, or would be.',
        schema: GROUP_SOUGHT,
        example: { offsets: [{ ...PLACE, from: 7, to: 0 }], dryRun: true },
      },
    },
    errors: [...BODY_ERRORS, 'group_not_found', 'topic_not_found', 'offset_out_of_range'],
  },
  deleteGroup: {
    ...shared,
    method: 'DELETE',
    path: '/v1/groups/:group',
    summary: 'Delete a group, its members and its offsets',
    answers: { 204: { description: 'It is gone.' } },
    errors: ['group_not_found'],
  },
} as const satisfies Record<string, Route>;
