import { describe, expect, it } from 'vitest';
import { EVERYTHING, freshName, makeKey, makeTenant, makeTopic, must } from '../support/bus.ts';
import { expectProblem, expectSameRefusal } from '../support/expect-problem.ts';
import type { Chapter } from './bus-under-test.ts';
import { fillIn, ROUTES, routesOf } from './routes.ts';

const METHODS = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE'];
const NAMES = { tenant: 'some-tenant', key: 'some-key', topic: 'some-topic', partition: '0' };
const FETCH_ONLY = [{ actions: ['fetch'], topics: ['*'] }];

const allowed = (header: string | undefined): string[] =>
  (header ?? '')
    .split(',')
    .map((method) => method.trim())
    .filter((method) => method !== 'HEAD' && method !== 'OPTIONS')
    .sort();

export const errors: Chapter = (bus) => {
  it('answers the example of the contract: the fault with its field', async () => {
    const topic = await bus.topic(8);
    const records = [{ value: 0 }, { value: 1 }, { value: 2 }, { value: 3, partition: 8 }];
    const problem = expectProblem(
      await bus.api.post(`/v1/topics/${topic}/records`, { records }),
      400,
      'invalid_request',
    );
    expect(problem.retryable).toBe(false);
    expect(problem.detail).toContain('records[3].partition');
    expect(problem.errors?.[0]?.path).toBe('records[3].partition');
  });

  it('answers an unknown path with 401 without a key and with 404 with one', async () => {
    for (const path of ['/', '/v1', '/v1/nowhere', '/v2/topics', '/v1/topics/a/b/c', '/favicon.ico']) {
      expectProblem(await bus.anonymous.get(path), 401, 'unauthenticated');
      expectProblem(await bus.api.get(path), 404, 'not_found');
      expectProblem(await bus.operator.get(path), 404, 'not_found');
    }
  });

  describe.each(ROUTES)('$path', ({ path, methods }) => {
    const filled = fillIn(path, NAMES);

    it('needs a key for every method', async () => {
      for (const method of METHODS) {
        const answer = await bus.anonymous.send(method, filled);
        expectProblem(answer, 401, 'unauthenticated');
        expect(answer.headers['www-authenticate']).toMatch(/^Bearer/i);
      }
    });

    it('answers other methods with 405 and the methods that there are, whoever asks', async () => {
      for (const method of METHODS.filter((one) => !methods.includes(one))) {
        for (const caller of [bus.api, bus.operator]) {
          const answer = await caller.send(method, filled);
          expectProblem(answer, 405, 'method_not_allowed');
          expect(allowed(answer.headers['allow'])).toEqual([...methods].sort());
        }
      }
    });
  });

  describe.each(routesOf(bus).filter(({ who }) => who !== 'any key'))('$path', ({ path, methods, who }) => {
    const filled = fillIn(path, NAMES);

    it('is closed to the other kind of key, whatever it names and whatever it sends', async () => {
      const caller = who === 'operator' ? bus.api : bus.operator;
      for (const method of methods) {
        const missing = await caller.send(method, filled);
        expectProblem(missing, 403, 'forbidden');
        expectSameRefusal(missing, await caller.send(method, `${filled}?no=such`, { json: { no: 'such' } }));
        const existing = fillIn(path, { ...NAMES, topic: '_x', tenant: bus.tenant });
        expectSameRefusal(missing, await caller.send(method, existing));
      }
    });
  });

  describe('the order of the checks', () => {
    it('asks for the key before the method', async () => {
      expectProblem(await bus.anonymous.send('PATCH', '/v1/topics'), 401, 'unauthenticated');
    });

    it('looks at the method before the scope', async () => {
      const reader = await bus.callerWith([{ actions: ['fetch'], topics: ['other'] }]);
      expectProblem(await reader.send('PUT', '/v1/topics/some-topic/records'), 405, 'method_not_allowed');
    });

    it('looks at the scope before the body, the query and the content type', async () => {
      const reader = await bus.callerWith(FETCH_ONLY);
      expectProblem(await reader.put('/v1/topics/some-topic', { nonsense: true }), 403, 'forbidden');
      expectProblem(await reader.post('/v1/topics/some-topic/records?nonsense=1', { records: [] }), 403, 'forbidden');
      expectProblem(
        await reader.send('PUT', '/v1/topics/x', { body: 'x', headers: { 'content-type': 'text/x' } }),
        403,
        'forbidden',
      );
      const huge = { body: Buffer.alloc(5_000_000), headers: { 'content-type': 'application/json' } };
      expectProblem(await reader.send('POST', '/v1/topics/x/records', huge), 403, 'forbidden');
    });

    it('looks at the request before it looks for the thing', async () => {
      const missing = freshName('missing');
      expectProblem(await bus.api.get(`/v1/topics/${missing}?nonsense=1`), 400, 'invalid_request');
      expectProblem(await bus.api.post(`/v1/topics/${missing}/records`, { records: [] }), 400, 'invalid_request');
      expectProblem(await bus.api.get(`/v1/topics/${missing}/partitions/0/records?limit=0`), 400, 'invalid_request');
      expectProblem(await bus.api.patch(`/v1/topics/${missing}`, { partitions: 'x' }), 400, 'invalid_request');
      const text = { body: '{}', headers: { 'content-type': 'text/plain' } };
      expectProblem(await bus.api.send('PATCH', `/v1/topics/${missing}`, text), 415, 'unsupported_media_type');
      const huge = { body: Buffer.alloc(4_194_305, 0x20), headers: { 'content-type': 'application/json' } };
      expectProblem(await bus.api.send('POST', `/v1/topics/${missing}/records`, huge), 413, 'payload_too_large');
    });
  });

  describe('what a caller may not learn', () => {
    it('answers no key, nonsense, and an unknown key in one and the same way', async () => {
      const none = await bus.anonymous.get('/v1/topics');
      const wrong = [
        'Bearer',
        'Bearer ',
        'Basic YTpi',
        'Bearer chq_forged',
        `Bearer ${bus.key}x`,
        `Bearer ${bus.key.slice(0, -1)}`,
      ];
      for (const authorization of wrong)
        expectSameRefusal(none, await bus.anonymous.get('/v1/topics', { authorization }));
      expectSameRefusal(none, await bus.anonymous.get('/v1/topics', { authorization: bus.key }));
      expectSameRefusal(none, await bus.anonymous.get('/v1/topics', { authorization: `Bearer ${bus.key} ${bus.key}` }));
    });

    it('does not take a key from the query', async () => {
      expectProblem(await bus.anonymous.get(`/v1/topics?access_token=${bus.key}`), 401, 'unauthenticated');
      expectProblem(await bus.anonymous.get(`/v1/topics?key=${bus.key}`), 401, 'unauthenticated');
    });

    it('answers a key without the scope alike whether or not the topic exists', async () => {
      const topic = await bus.topic();
      const outsider = await bus.callerWith([{ actions: ['fetch'], topics: ['elsewhere'] }]);
      for (const rest of ['', '/partitions', '/partitions/0/records', '/records', '/partitions/99/records']) {
        const refusal = await outsider.get(`/v1/topics/${topic}${rest}`);
        expectProblem(refusal, 403, 'forbidden');
        expectSameRefusal(refusal, await outsider.get(`/v1/topics/${freshName('never')}${rest}`));
      }
    });

    it("answers for another tenant's topic as for a name that was never used", async () => {
      const stranger = await bus.stranger();
      const name = freshName('private');
      await makeTopic(stranger, { partitions: 2 }, name);
      const body = { records: [{ value: 'x' }] };
      const attempts: [string, string, object?][] = [
        ['GET', ''],
        ['DELETE', ''],
        ['PATCH', '', {}],
        ['GET', '/partitions'],
        ['GET', '/records'],
        ['GET', '/partitions/1/records'],
        ['DELETE', '/partitions/1/records?beforeOffset=0'],
        ['POST', '/records', body],
      ];
      for (const [method, rest, json] of attempts) {
        const call = json === undefined ? {} : { json };
        const theirs = await bus.api.send(method, `/v1/topics/${name}${rest}`, call);
        const never = await bus.api.send(method, `/v1/topics/${name.replace('private', 'neverr1')}${rest}`, call);
        expectProblem(theirs, 404, 'topic_not_found');
        const hidden = (text: string): string =>
          text.replaceAll(name, '').replaceAll(name.replace('private', 'neverr1'), '');
        expect(hidden(theirs.text).replace(/"instance":"[^"]*"/, '')).toBe(
          hidden(never.text).replace(/"instance":"[^"]*"/, ''),
        );
      }
      must(await stranger.get(`/v1/topics/${name}`), 200);
    });

    it("answers for another tenant's key as for one that was never made", async () => {
      const tenant = await makeTenant(bus.operator);
      const theirs = await makeKey(bus.operator, tenant, { scopes: EVERYTHING });
      for (const id of [theirs.id, 'never-made']) {
        expectProblem(await bus.api.delete(`/v1/keys/${id}`), 404, 'key_not_found');
        expectProblem(await bus.api.post(`/v1/keys/${id}/rotate`, {}), 404, 'key_not_found');
        expectProblem(await bus.operator.delete(`/v1/tenants/${bus.tenant}/keys/${id}`), 404, 'key_not_found');
      }
      must(await bus.http.as(theirs.key).get('/v1/whoami'), 200);
    });
  });
};
