import {
  BAD_CURSOR,
  type BadRow,
  get,
  INVALID,
  INVALID_OR_NOT_JSON,
  JSON_TYPE,
  NOT_ALLOWED,
  UNAUTHENTICATED,
} from './bad-input-row.ts';

const STREAM = '/v1/topics/{topic}/stream';
const NO_TOPIC: BadRow['expected'] = [[404, 'topic_not_found']];
const NO_SUBSCRIPTION: BadRow['expected'] = [[404, 'subscription_not_found']];

const byTicket = (name: string, ticket: string): BadRow => ({
  ...get(`${STREAM}?ticket=${ticket}`, UNAUTHENTICATED),
  name: `a ticket: ${name}`,
  authorization: null,
});

const token = (text: string): string => Buffer.from(text).toString('base64url');

const streams: readonly BadRow[] = [
  get(`${STREAM}?cursor=AAAA`, BAD_CURSOR),
  get(`${STREAM}?cursor=`, [...BAD_CURSOR, ...INVALID]),
  get(`${STREAM}?from=yesterday`),
  get(`${STREAM}?from=-1`),
  get(`${STREAM}?from=1.5`),
  get(`${STREAM}?cursor=AAAA&from=latest`),
  get(`${STREAM}?partition=4`),
  get(`${STREAM}?partition=-1`),
  get(`${STREAM}?partition=0&partition=1`),
  get(`${STREAM}?limit=5`),
  get(`${STREAM}?waitMs=5`),
  get(`${STREAM}?ticket=tkt_a`),
  get('/v1/topics/never/stream', NO_TOPIC),
  { ...get(`${STREAM}?from=earliest`, BAD_CURSOR), name: 'a Last-Event-ID', headers: { 'last-event-id': 'x' } },
  { ...get(`${STREAM}?from=latest`, [[406, 'not_acceptable']]), name: 'as JSON', headers: { accept: 'text/html' } },
  { name: 'POST to a stream', method: 'POST', path: STREAM, expected: NOT_ALLOWED },
  byTicket('nothing', ''),
  byTicket('a word', 'letmein'),
  byTicket('no proof', 'tkt_AAAA'),
  byTicket('a proof of nothing', `tkt_.${'A'.repeat(43)}`),
  byTicket('a proof that is forged', `tkt_${token('dev/k/victim/9999999999999')}.${'A'.repeat(43)}`),
  byTicket('of no key', `tkt_${token('dev/0000000000000000/victim/9999999999999')}.${'A'.repeat(43)}`),
  byTicket('of a path', `tkt_${token('../../victim/9999999999999')}.${'A'.repeat(43)}`),
  byTicket('of 4,000 characters', `tkt_${'A'.repeat(4000)}.${'A'.repeat(43)}`),
  byTicket('twice', 'tkt_a&ticket=tkt_a'),
];

const send = (name: string, method: string, path: string, body: unknown, expected = INVALID): BadRow => ({
  name: `${method} ${path}: ${name}`,
  method,
  path,
  headers: JSON_TYPE,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  expected,
});

const ticket = (body: unknown, expected = INVALID): BadRow =>
  send(JSON.stringify(body), 'POST', '/v1/tickets', body, expected);

const tickets: readonly BadRow[] = [
  ticket('', INVALID_OR_NOT_JSON),
  ticket({}),
  ticket({ topic: null }),
  ticket({ topic: ['victim'] }),
  ticket({ topic: 'a b' }),
  ticket({ topic: '*' }),
  ticket({ topic: 'victim', expiresInMs: 0 }),
  ticket({ topic: 'victim', expiresInMs: 60_001 }),
  ticket({ topic: 'victim', expiresInMs: 1.5 }),
  ticket({ topic: 'victim', expiresInMs: '60000' }),
  ticket({ topic: 'victim', partition: 0 }),
  { name: 'a list of tickets', method: 'GET', path: '/v1/tickets', expected: NOT_ALLOWED },
];

const ENDPOINT = { url: 'https://1.1.1.1/hook' };
const push = (fields: object, expected = INVALID): BadRow =>
  send(
    JSON.stringify(fields).slice(0, 90),
    'PUT',
    '/v1/subscriptions/new',
    { topic: 'victim', endpoint: ENDPOINT, ...fields },
    expected,
  );
const pushTo = (url: unknown): BadRow => push({ endpoint: { url } });
const pushWith = (headers: object): BadRow => push({ endpoint: { ...ENDPOINT, headers } });
const change = (fields: object, expected = INVALID): BadRow =>
  send(JSON.stringify(fields), 'PATCH', '/v1/subscriptions/push', fields, expected);
const deep = (levels: number): object => (levels === 0 ? { exact: { key: 'a' } } : { not: deep(levels - 1) });

const subscriptions: readonly BadRow[] = [
  send('no body', 'PUT', '/v1/subscriptions/new', '', INVALID_OR_NOT_JSON),
  send('nothing', 'PUT', '/v1/subscriptions/new', {}),
  send('no endpoint', 'PUT', '/v1/subscriptions/new', { topic: 'victim' }),
  send('a name with a blank', 'PUT', '/v1/subscriptions/a%20b', { topic: 'victim', endpoint: ENDPOINT }),
  push({ topic: 'never' }, NO_TOPIC),
  push({ deadLetterTopic: 'never' }, NO_TOPIC),
  pushTo(''),
  pushTo(5),
  pushTo('hook'),
  pushTo('ftp://1.1.1.1/'),
  pushTo('file:///etc/passwd'),
  pushTo('http://127.0.0.1/'),
  pushTo('https://[::1]/'),
  pushTo('https://169.254.169.254/latest/meta-data'),
  pushTo('https://0x7f000001/'),
  pushTo('https://user:password@1.1.1.1/'),
  pushTo(`https://1.1.1.1/${'a'.repeat(9000)}`),
  pushWith({ host: 'a' }),
  pushWith({ 'webhook-signature': 'v1,a' }),
  pushWith({ 'a b': 'c' }),
  pushWith({ a: 'b\r\nc: d' }),
  pushWith({ a: 'b', A: 'c' }),
  pushWith(JSON.parse('{"a": "b", "__proto__": "c"}')),
  push({ filter: JSON.parse('{"exact": {"key": "a", "__proto__": "b"}}') }),
  push({ from: 'middle' }),
  push({ from: -1 }),
  push({ format: 'xml' }),
  push({ filter: { like: { key: 'a%' } } }),
  push({ filter: { exact: { 'values.a': 'c' } } }),
  push({ filter: { exact: { key: 5 } } }),
  push({ filter: deep(200) }, INVALID_OR_NOT_JSON),
  push({ batch: { maxRecords: 0 } }),
  push({ retry: { maxAttempts: 0 } }),
  push({ retry: { scheduleMs: [] } }),
  push({ retry: { scheduleMs: [-1] } }),
  push({ retry: { timeoutMs: 1 } }),
  push({ maxInFlight: 0 }),
  push({ rateLimit: 0 }),
  push({ secret: 'whsec_AAAA' }),
  push({ status: 'paused' }),
  change({ endpoint: { url: 'http://localhost/' } }),
  change({ topic: 'never' }, [...NO_TOPIC, [409, 'conflict']]),
  change({ maxInFlight: 1.5 }),
  send('one that never was', 'PATCH', '/v1/subscriptions/never', {}, NO_SUBSCRIPTION),
  send('nowhere', 'POST', '/v1/subscriptions/push/replay', {}),
  send('to the middle', 'POST', '/v1/subscriptions/push/replay', { from: 'middle' }),
  send('one that never was', 'POST', '/v1/subscriptions/never/replay', { from: 'earliest' }, NO_SUBSCRIPTION),
  ...['pause', 'resume', 'test', 'rotate-secret'].map(
    (verb): BadRow => ({
      name: `${verb} of a subscription that never was`,
      method: 'POST',
      path: `/v1/subscriptions/never/${verb}`,
      expected: NO_SUBSCRIPTION,
    }),
  ),
  { name: 'delete: never', method: 'DELETE', path: '/v1/subscriptions/never', expected: NO_SUBSCRIPTION },
  get('/v1/subscriptions?limit=0'),
  get('/v1/subscriptions?cursor=AAAA', BAD_CURSOR),
  get('/v1/subscriptions/push/attempts?limit=1001'),
  get('/v1/subscriptions/push/attempts?cursor=AAAA', BAD_CURSOR),
  get('/v1/subscriptions/never/attempts', NO_SUBSCRIPTION),
];

export const SUBSCRIBE: readonly BadRow[] = [...streams, ...tickets, ...subscriptions];
