import {
  BAD_CURSOR,
  type BadRow,
  get,
  INVALID,
  INVALID_OR_NOT_JSON,
  JSON_TYPE,
  NO_SUCH_PATH,
  NOT_ALLOWED,
  NOT_JSON,
  NOT_SUPPORTED,
  TOO_LARGE,
} from './bad-input-row.ts';

/** The member `m` of the group `victims` has all partitions of the topic, in generation 1. */
const GROUP = '/v1/groups/victims';
const MEMBER = `${GROUP}/members/m`;
const FENCED: BadRow['expected'] = [[409, 'fenced']];
const NO_GROUP: BadRow['expected'] = [[404, 'group_not_found']];
const NO_MEMBER: BadRow['expected'] = [[404, 'member_not_found']];
const NO_TOPIC: BadRow['expected'] = [[404, 'topic_not_found']];
const OUT_OF_RANGE: BadRow['expected'] = [[416, 'offset_out_of_range']];

const send =
  (path: string) =>
  (name: string, body: unknown, expected = INVALID): BadRow => ({
    name: `${path}: ${name}`,
    method: 'POST',
    path,
    headers: JSON_TYPE,
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    expected,
  });

const poll = send(`${MEMBER}/poll`);
const pollWith = (fields: object, expected = INVALID): BadRow =>
  poll(JSON.stringify(fields).slice(0, 90), { topics: ['victim'], ...fields }, expected);

const polls: readonly BadRow[] = [
  poll('no body', '', INVALID_OR_NOT_JSON),
  poll('a list', []),
  poll('cut off', '{"topics":["victim"]', NOT_JSON),
  poll('topics twice', '{"topics":["victim"],"topics":["victim"]}', INVALID_OR_NOT_JSON),
  poll('a lone surrogate', '{"topics":["\\ud800"]}', INVALID_OR_NOT_JSON),
  poll('more than a poll may be', JSON.stringify({ topics: ['t'], cursor: 'A'.repeat(5_000_000) }), TOO_LARGE),
  poll('topics of null', { topics: null }),
  poll('no topics', { topics: [] }),
  poll('topics that are numbers', { topics: [1] }),
  poll('a topic of the system', { topics: ['_victim'] }),
  poll('a topic with a slash', { topics: ['a/b'] }),
  poll('a topic of 129 characters', { topics: ['n'.repeat(129)] }),
  poll('101 topics', { topics: Array.from({ length: 101 }, (_, at) => `t${at}`) }),
  pollWith({ cursor: 5 }),
  pollWith({ cursor: '' }, BAD_CURSOR),
  pollWith({ cursor: 'AAAA' }, BAD_CURSOR),
  pollWith({ cursor: '\u0000' }, BAD_CURSOR),
  pollWith({ cursor: 'A'.repeat(4000) }, BAD_CURSOR),
  pollWith({ limit: '5' }),
  pollWith({ limit: 1.5 }),
  pollWith({ limit: -1 }),
  pollWith({ maxBytes: 4_194_305 }),
  pollWith({ waitMs: -1 }),
  pollWith({ waitMs: 1e9 }),
  pollWith({ sessionTimeoutMs: 3000.5 }),
  pollWith({ sessionTimeoutMs: '30000' }),
  pollWith({ sessionTimeoutMs: 0 }),
  pollWith({ from: 0 }),
  pollWith({ autoCommit: 1 }),
  pollWith({ topic: 'victim' }),
  { ...poll('as text', { topics: ['victim'] }, NOT_SUPPORTED), headers: { 'content-type': 'text/plain' } },
  { ...poll('with a query', { topics: ['victim'] }), path: `${MEMBER}/poll?waitMs=5` },
  send('/v1/groups/a%20b/members/m/poll')('a blank in the group', { topics: ['victim'] }),
  send('/v1/groups/__victims/members/m/poll')('a group of the system', { topics: ['victim'] }),
  send(`/v1/groups/${'g'.repeat(129)}/members/m/poll`)('a long group', { topics: ['victim'] }),
  send('/v1/groups/g/members/.m/poll')('a member with a dot in front', { topics: ['victim'] }),
  send('/v1/groups/g/members/m%2Fn/poll')('a slash in the member', { topics: ['victim'] }),
  send('/v1/groups/g/members//poll')('no member', { topics: ['victim'] }, NO_SUCH_PATH),
];

const commit = send(`${MEMBER}/commit`);
const commitAt = (name: string, at: object, expected = INVALID): BadRow =>
  commit(name, { generation: 1, offsets: [{ topic: 'victim', partition: 0, offset: 1, ...at }] }, expected);

const commits: readonly BadRow[] = [
  commit('nothing', {}),
  commit('no offsets', { generation: 1 }),
  commit('no generation', { offsets: [] }),
  commit('generation 0', { generation: 0, offsets: [] }),
  commit('generation 1.5', { generation: 1.5, offsets: [] }),
  commit('a generation beyond 53 bits', '{"generation":9007199254740993,"offsets":[]}'),
  commit('a generation beyond doubles', '{"generation":1e999,"offsets":[]}', INVALID_OR_NOT_JSON),
  commit('a generation to come', { generation: 2, offsets: [] }, FENCED),
  commit('the last generation of all', { generation: Number.MAX_SAFE_INTEGER, offsets: [] }, FENCED),
  commit('offsets that are none', { generation: 1, offsets: [null] }),
  commit('offsets by partition', { generation: 1, offsets: { 0: 1 } }),
  commit('16,385 offsets', { generation: 1, offsets: Array.from({ length: 16_385 }, () => ({})) }),
  commitAt('an offset of -1', { offset: -1 }),
  commitAt('an offset of 1.5', { offset: 1.5 }),
  commitAt('an offset as text', { offset: '1' }),
  commitAt('an offset beyond the end', { offset: 4 }, OUT_OF_RANGE),
  commitAt('the last offset of all', { offset: Number.MAX_SAFE_INTEGER }, OUT_OF_RANGE),
  commitAt('partition -1', { partition: -1 }),
  commitAt('partition 0.5', { partition: 0.5 }),
  commitAt('partition 4 of 4', { partition: 4 }),
  commitAt('partition 1024', { partition: 1024 }),
  commitAt('a topic that is none', { topic: 'never' }, NO_TOPIC),
  commitAt('a topic in a list', { topic: ['victim'] }),
  commitAt('a metadata field', { metadata: '' }),
  commit('a good one and a bad one', {
    generation: 1,
    offsets: [
      { topic: 'victim', partition: 0, offset: 1 },
      { topic: 'victim', partition: 1, offset: -1 },
    ],
  }),
  commit('one partition twice', {
    generation: 1,
    offsets: [1, 2].map((offset) => ({ topic: 'victim', partition: 0, offset })),
  }),
  send(`${GROUP}/members/never/commit`)('a member that never was', { generation: 9, offsets: [] }, NO_MEMBER),
  send('/v1/groups/never/members/m/commit')('a group that never was', { generation: 1, offsets: [] }, NO_GROUP),
];

const beat = send(`${MEMBER}/heartbeat`);
const members: readonly BadRow[] = [
  beat('nothing', {}),
  beat('generation -1', { generation: -1 }),
  beat('a field too many', { generation: 1, member: 'm' }),
  beat('another generation', { generation: 7 }, FENCED),
  send(`${GROUP}/members/never/heartbeat`)('a member that never was', { generation: 9 }, NO_MEMBER),
  { name: 'leave: never there', method: 'DELETE', path: `${GROUP}/members/never`, expected: NO_MEMBER },
  { name: 'leave: a query', method: 'DELETE', path: `${MEMBER}?force=true`, expected: INVALID },
  { name: 'leave: a group that never was', method: 'DELETE', path: '/v1/groups/never/members/m', expected: NO_GROUP },
];

const seek = send(`${GROUP}/seek`);
const seekTo = (to: unknown, expected = INVALID): BadRow => seek(JSON.stringify(to), { topic: 'victim', to }, expected);

const seeks: readonly BadRow[] = [
  seek('nothing', {}),
  seek('nowhere', { topic: 'victim' }),
  seekTo('middle'),
  seekTo(0),
  seekTo({}),
  seekTo({ offset: -1 }),
  seekTo({ offset: 1, timestamp: 1 }),
  seekTo({ timestamp: -1 }),
  seekTo({ timestamp: '2026-01-31T12:00:00Z' }),
  seekTo({ offset: 4 }, OUT_OF_RANGE),
  seek('no partitions', { topic: 'victim', to: 'latest', partitions: [] }),
  seek('partition 4 of 4', { topic: 'victim', to: 'latest', partitions: [0, 4] }),
  seek('partitions as text', { topic: 'victim', to: 'latest', partitions: ['0'] }),
  seek('a dry run of "no"', { topic: 'victim', to: 'latest', dryRun: 'no' }),
  seek('a topic that is none', { topic: 'never', to: 'latest' }, NO_TOPIC),
  send('/v1/groups/never/seek')('a group that never was', { topic: 'victim', to: 'latest' }, NO_GROUP),
];

const wrong = (method: string, path: string, expected: BadRow['expected']): BadRow => ({
  name: `${method} ${path}`,
  method,
  path,
  expected,
});

const paths: readonly BadRow[] = [
  get('/v1/groups?limit=0'),
  get('/v1/groups?prefix=v'),
  get('/v1/groups?cursor=AAAA', BAD_CURSOR),
  get('/v1/groups/never', NO_GROUP),
  get(`${GROUP}?lag=true`),
  get(`${GROUP}/members`, NO_SUCH_PATH),
  wrong('DELETE', '/v1/groups/never', NO_GROUP),
  wrong('DELETE', `${GROUP}?confirm=victims`, INVALID),
  wrong('PUT', GROUP, NOT_ALLOWED),
  wrong('POST', '/v1/groups', NOT_ALLOWED),
  wrong('GET', `${MEMBER}/poll`, NOT_ALLOWED),
  wrong('PATCH', MEMBER, NOT_ALLOWED),
];

export const GROUPS: readonly BadRow[] = [...polls, ...commits, ...members, ...seeks, ...paths];
