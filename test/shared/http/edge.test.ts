import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Handlers } from '../../../shared/http/edge-request.ts';
import { createSubApp } from '../../../shared/http/sub-app.ts';
import { ask, keyFor, memoryService, OPERATOR_KEY, wholeApp } from '../../support/memory-service.ts';

const KEYED = { key: OPERATOR_KEY };
const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly instance: string;
  readonly sideEffects: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

const problemOf = async (answer: Response): Promise<Problem> => {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  return (await answer.json()) as Problem;
};

const appWith = (handlers: Handlers) => {
  const service = memoryService();
  return { service, app: createSubApp(service, handlers) };
};

afterEach(() => vi.restoreAllMocks());

describe('an unexpected error', () => {
  const broken = () =>
    appWith({
      listTenants: () => {
        throw new Error('the database password is 12345', { cause: new Error('deeper') });
      },
      putTenant: () => Promise.reject(new Error('the database password is 12345')),
    });

  it('leaks nothing and is logged whole, under the request id of the answer', async () => {
    const { app, service } = broken();
    const answer = await ask(app, 'GET', '/v1/tenants', KEYED);
    expect(answer.status).toBe(500);
    const text = await answer.clone().text();
    expect(text).not.toMatch(/12345|deeper|at /);
    const { code, instance, sideEffects } = await problemOf(answer);
    expect([code, sideEffects]).toEqual(['internal', 'none']);
    expect(instance).toBe(answer.headers.get('chasqui-request-id'));
    expect(service.log.lines).toMatchObject([{ level: 'error', event: 'request', status: 500, requestId: instance }]);
    expect(String(service.log.lines[0]?.['cause'])).toContain('12345');
  });

  it('may have had effects where the request writes', async () => {
    const answer = await ask(broken().app, 'PUT', '/v1/tenants/acme', { ...KEYED, json: {} });
    expect(await problemOf(answer)).toMatchObject({ code: 'internal', sideEffects: 'possible', retryable: true });
  });
});

describe('a request', () => {
  it('is logged in one line without its query, its body or its key', async () => {
    const { app, service } = appWith({ putTenant: () => ({ status: 200, headers: {}, body: '{}' }) });
    await ask(app, 'PUT', '/v1/tenants/acme?secret=hidden', { ...KEYED, json: { name: 'hidden' } });
    await ask(app, 'PUT', '/v1/tenants/acme', { ...KEYED, json: { name: 'hidden' }, headers: { traceparent: TRACE } });
    expect(service.log.lines).toMatchObject([
      { status: 400, code: 'invalid_request', path: '/v1/tenants/acme' },
      { status: 200, keyId: 'operator', bytesIn: 17, bytesOut: 2, traceparent: TRACE },
    ]);
    expect(JSON.stringify(service.log.lines)).not.toMatch(/hidden|the-operator-of/);
  });

  it('takes its trace along, if that is valid', async () => {
    const { app } = appWith({ healthz: () => ({ status: 200, headers: {}, body: '{}' }) });
    const echoed = async (traceparent: string) =>
      (await ask(app, 'GET', '/healthz', { headers: { traceparent } })).headers.get('traceparent');
    expect(await echoed(TRACE)).toBe(TRACE);
    for (const bad of [
      'x',
      TRACE.toUpperCase(),
      TRACE.replace('00-', 'ff-'),
      `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    ]) {
      expect(await echoed(bad)).toBeNull();
    }
  });

  it('is told every field at fault, by its path', async () => {
    const app = wholeApp(memoryService());
    const { key } = await keyFor(app, 'acme');
    const json = { name: 7, scopes: [{ actions: ['fetch', 'read'], topics: ['a*b'], more: 1 }], extra: true };
    const { errors, detail } = await problemOf(await ask(app, 'POST', '/v1/keys', { key, json }));
    expect(errors).toEqual(
      expect.arrayContaining([
        { path: 'name', message: 'must be a text of 1 to 128 characters' },
        { path: 'scopes[0].actions[1]', message: 'must be one of produce, fetch, subscribe, manage' },
        { path: 'scopes[0].topics[0]', message: 'must be a topic name, "prefix*" or "*"' },
        { path: 'scopes[0].more', message: 'is not a known field' },
        { path: 'extra', message: 'is not a known field' },
      ]),
    );
    expect(detail).toContain('name must be');
  });

  it('is told what is missing', async () => {
    const app = wholeApp(memoryService());
    const { key } = await keyFor(app, 'acme');
    expect((await problemOf(await ask(app, 'POST', '/v1/keys', { key, json: {} }))).errors).toEqual([
      { path: 'name', message: 'is required' },
      { path: 'scopes', message: 'is required' },
    ]);
    const trim = await ask(app, 'DELETE', '/v1/topics/t/partitions/0/records', { key });
    expect((await problemOf(trim)).detail).toBe('beforeOffset is required.');
  });

  it.each([
    ['offset=1&tail=2', 'from'],
    ['from=latest&timestamp=1', 'from'],
    ['limit=10001', 'limit'],
    ['limit=1e3', 'limit'],
    ['offset=-1', 'offset'],
    ['offset=9007199254740992', 'offset'],
    ['waitMs=20001', 'waitMs'],
    ['from=sideways', 'from'],
    ['__proto__=1', '__proto__'],
    ['constructor=1', 'constructor'],
  ])('with the query %s is refused for %s', async (query, path) => {
    const app = wholeApp(memoryService());
    const { key } = await keyFor(app, 'acme');
    const answer = await ask(app, 'GET', `/v1/topics/t/partitions/0/records?${query}`, { key });
    expect(answer.status).toBe(400);
    expect((await problemOf(answer)).errors?.map((error) => error.path)).toEqual([path]);
  });

  it('has no place for __proto__ in a body either', async () => {
    const app = wholeApp(memoryService());
    const { key } = await keyFor(app, 'acme');
    const answer = await ask(app, 'PUT', '/v1/topics/t', {
      key,
      body: '{"__proto__": {"partitions": 3}}',
      headers: { 'content-type': 'application/json' },
    });
    expect((await problemOf(answer)).errors).toEqual([
      { path: '__proto__', message: 'is not a name that may be given' },
    ]);
  });
});

describe('HEAD', () => {
  it('goes where GET goes, and gives the length without the body', async () => {
    const app = wholeApp(memoryService());
    const head = await ask(app, 'HEAD', '/healthz');
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-length')).toBe(String((await (await ask(app, 'GET', '/healthz')).text()).length));
    expect((await ask(app, 'HEAD', '/v1/topics')).status).toBe(401);
  });

  it('is refused where GET is, and Allow says so', async () => {
    const app = wholeApp(memoryService());
    const answer = await ask(app, 'HEAD', '/v1/topics/t/events', KEYED);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('what no route answers', () => {
  const app = wholeApp(memoryService());

  it.each([
    '/v1/topics/',
    '/v1//topics',
    '/v1/topics/a/',
    '/V1/topics',
    '/v1/%74opics',
    '/healthz/',
    '/v1/topics/a/partitions/0',
  ])('%s is not found, after the key was asked for', async (path) => {
    expect((await ask(app, 'GET', path)).status).toBe(401);
    const answer = await ask(app, 'GET', path, KEYED);
    expect([answer.status, (await problemOf(answer)).code]).toEqual([404, 'not_found']);
  });

  it.each(['OPTIONS', 'PUT', 'PROPFIND'])('%s on a path that is open is refused without a key', async (method) => {
    const answer = await ask(app, method, '/healthz');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});
