import {
  BAD_CURSOR,
  type BadRow,
  get,
  INVALID,
  JSON_TYPE,
  NO_SUCH_PATH,
  NOT_SUPPORTED,
  TOO_LARGE,
  UNAUTHENTICATED,
} from './bad-input-row.ts';

const PARTITION = '/v1/topics/{topic}/partitions/0/records';
const RECORDS = '/v1/topics/{topic}/records';
const MIB = 1_048_576;
const NO_PARTITION: BadRow['expected'] = [[404, 'partition_not_found']];
/** A path that no route has, however a server reads it: nothing may answer it as if it were another one. */
const NOWHERE: BadRow['expected'] = [
  ...NO_SUCH_PATH,
  ...INVALID,
  [404, 'topic_not_found'],
  [404, 'partition_not_found'],
  [403, 'forbidden'],
];

const queries: readonly BadRow[] = [
  get(`${PARTITION}?offset=-1`),
  get(`${PARTITION}?offset=1.5`),
  get(`${PARTITION}?offset=NaN`),
  get(`${PARTITION}?offset=0x0`),
  get(`${PARTITION}?offset=0;drop`),
  get(`${PARTITION}?offset=0%00`),
  get(`${PARTITION}?offset=%EF%BC%91`),
  get(`${PARTITION}?offset=99999999999999999999999`, [...INVALID, [416, 'offset_out_of_range']]),
  get(`${PARTITION}?offset=9007199254740993`, [...INVALID, [416, 'offset_out_of_range']]),
  get(`${PARTITION}?offset=4`, [[416, 'offset_out_of_range']]),
  get(`${PARTITION}?timestamp=-5`),
  get(`${PARTITION}?timestamp=99999999999999999999`),
  get(`${PARTITION}?tail=1e2`),
  get(`${PARTITION}?limit=0`),
  get(`${PARTITION}?limit=10001`),
  get(`${PARTITION}?maxBytes=99999999`),
  get(`${PARTITION}?waitMs=86400000`),
  get(`${PARTITION}?offset=0&offset=1`),
  get(`${PARTITION}?offset=0&tail=1`),
  get(`${PARTITION}?from=middle`),
  get(`${PARTITION}?__proto__=1`),
  get(`${PARTITION}?offset[]=1`),
  get(`${PARTITION}?%FF=1`),
  get(`${PARTITION}?offset=%FF`),
  get(`${PARTITION}?offset=%ZZ`),
  get(`${PARTITION}?=1`),
  get(`${RECORDS}?cursor=AAAA`, BAD_CURSOR),
  get(`${RECORDS}?cursor=${'A'.repeat(2000)}`, BAD_CURSOR),
  get(`${RECORDS}?cursor=%00%01`, BAD_CURSOR),
  get(`${RECORDS}?from=-1`),
  get(`${RECORDS}?from=99999999999999999999`),
  get('/v1/topics?limit=1001'),
  get('/v1/topics?cursor=%7B%7D', BAD_CURSOR),
  get('/v1/topics?cursor=', [...BAD_CURSOR, ...INVALID]),
  get('/v1/topics?prefix=a&prefix=b'),
  { name: 'trim: no offset', method: 'DELETE', path: PARTITION, expected: INVALID },
  { name: 'trim: a negative offset', method: 'DELETE', path: `${PARTITION}?beforeOffset=-1`, expected: INVALID },
  {
    name: 'trim: beyond the end',
    method: 'DELETE',
    path: `${PARTITION}?beforeOffset=4`,
    expected: [[416, 'offset_out_of_range']],
  },
];

const paths: readonly BadRow[] = [
  get('/v1/topics/..', NOWHERE),
  get('/v1/topics/../tenants', NOWHERE),
  get('/v1/topics/%2e%2e/tenants', NOWHERE),
  get('/v1/topics/%2E%2E%2Ftenants', NOWHERE),
  get('/v1/topics/..%2f..%2f..%2fetc%2fpasswd', NOWHERE),
  get('/v1//topics', NOWHERE),
  get('//v1/topics', NOWHERE),
  get('/v1/topics/{topic}//partitions', NOWHERE),
  get('/v1/topics/{topic}/partitions/', NOWHERE),
  get('/V1/topics', NOWHERE),
  get('/v1/Topics', NOWHERE),
  get('/v1/topics/%ZZ', NOWHERE),
  get('/v1/topics/%', NOWHERE),
  get('/v1/topics/%FF', NOWHERE),
  get('/v1/topics/%C0%AF', NOWHERE),
  get('/v1/topics/a%00b', NOWHERE),
  get('/v1/topics/a%0d%0aSet-Cookie:x', NOWHERE),
  get('/v1/topics/a%20b', NOWHERE),
  get(`/v1/topics/${'n'.repeat(129)}`, NOWHERE),
  get('/v1/topics/__proto__', NOWHERE),
  get('/v1/topics/constructor', [[404, 'topic_not_found']]),
  get('/v1/topics/{topic}/partitions/4/records', NO_PARTITION),
  get('/v1/topics/{topic}/partitions/1024/records', NO_PARTITION),
  get('/v1/topics/{topic}/partitions/-1/records', NOWHERE),
  get('/v1/topics/{topic}/partitions/NaN/records', NOWHERE),
  get('/v1/topics/{topic}/partitions/0.0/records', NOWHERE),
  get('/v1/topics/{topic}/partitions/4294967296/records', NOWHERE),
  get('/v1/topics/{topic}/partitions/0%2Frecords', NOWHERE),
  get('/v1/topics/{topic}/records/0', NOWHERE),
  get('/healthz/../v1/topics/x', NOWHERE),
];

const raw = (
  name: string,
  query: string,
  headers: Record<string, string>,
  expected = INVALID,
  body: string | Uint8Array = 'v',
): BadRow => ({
  name: `a plain value: ${name}`,
  method: 'POST',
  path: `${RECORDS}${query}`,
  headers,
  body,
  expected,
});

const values: readonly BadRow[] = [
  raw('a partition of 4', '?partition=4', {}),
  raw('a partition of -1', '?partition=-1', {}),
  raw('a key that is no UTF-8', '?key=%FF%FE', {}),
  raw('two keys', '?key=a&key=b', {}),
  raw('an unknown parameter', '?kye=a', {}),
  raw('an expected offset of nothing', '?expectedOffset=', {}),
  raw('an expected offset that is wrong', '?partition=0&expectedOffset=2', {}, [[412, 'precondition_failed']]),
  raw('a header without a name', '', { 'chasqui-header-': 'v' }),
  raw('an idempotency key of nothing', '', { 'idempotency-key': '' }),
  raw('an idempotency key of 256', '', { 'idempotency-key': 'k'.repeat(256) }),
  raw('an idempotency key with a blank', '', { 'idempotency-key': 'a b' }),
  raw('more than 1 MiB', '', {}, TOO_LARGE, Buffer.alloc(MIB + 1)),
  raw('more than 4 MiB', '', {}, TOO_LARGE, Buffer.alloc(4 * MIB + 1)),
  raw('a content type that is none', '', { 'content-type': 'no/type/at all' }, [...INVALID, ...NOT_SUPPORTED]),
];

const typed = (path: string, method: string, type: string): BadRow => ({
  name: `content type: ${method} ${path} as ${type}`,
  method,
  path,
  headers: { 'content-type': type },
  body: '{}',
  expected: NOT_SUPPORTED,
});

const types: readonly BadRow[] = [
  typed('/v1/topics/{topic}', 'PUT', 'text/plain'),
  typed('/v1/topics/{topic}', 'PATCH', 'application/x-www-form-urlencoded'),
  typed('/v1/topics/{topic}', 'PATCH', 'application/merge-patch+json'),
  typed('/v1/keys', 'POST', 'multipart/form-data; boundary=x'),
  typed('/v1/keys', 'POST', 'application/jsonx'),
  typed('/v1/topics/{topic}/events', 'POST', 'application/cloudevents+avro'),
];

const authorization = (name: string, value: string | null): BadRow => ({
  name: `the key: ${name}`,
  method: 'POST',
  path: RECORDS,
  headers: JSON_TYPE,
  body: '{"records":[{"value":1}]}',
  authorization: value,
  expected: UNAUTHENTICATED,
});

const KEY = `chq_${'A'.repeat(43)}`;

const keys: readonly BadRow[] = [
  authorization('none', null),
  authorization('nothing', ''),
  authorization('the scheme alone', 'Bearer'),
  authorization('a blank', 'Bearer '),
  authorization('forged', `Bearer ${KEY}`),
  authorization('another scheme', `Basic ${Buffer.from(`${KEY}:`).toString('base64')}`),
  authorization('no scheme', KEY),
  authorization('of 8,000 characters', `Bearer chq_${'A'.repeat(8000)}`),
  authorization('of odd characters', 'Bearer chq_\u00ff\u00fe'),
  authorization('a JWT', 'Bearer eyJhbGciOiJub25lIn0.eyJ0ZW5hbnQiOiJkZXYifQ.'),
  authorization('the name of a tenant', 'Bearer chq_dev'),
  authorization('a path', 'Bearer chq_../../operator-key'),
];

const events: readonly BadRow[] = [
  {
    name: 'an event without attributes',
    method: 'POST',
    path: '/v1/topics/{topic}/events',
    body: 'x',
    expected: INVALID,
  },
  {
    name: 'a batch that is one event',
    method: 'POST',
    path: '/v1/topics/{topic}/events',
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: '{"specversion":"1.0","id":"1","source":"/s","type":"t"}',
    expected: INVALID,
  },
  {
    name: 'a structured event cut off',
    method: 'POST',
    path: '/v1/topics/{topic}/events',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: '{"specversion":"1.0"',
    expected: [[400, 'invalid_json']],
  },
];

export const REQUESTS: readonly BadRow[] = [...queries, ...paths, ...values, ...types, ...keys, ...events];
