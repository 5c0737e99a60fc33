import { describe, expect, it } from 'vitest';
import { ALL_ACTIONS, EVERYTHING, makeKey, must } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Caller } from '../support/http.ts';
import type { KeyBody, ListBody } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

const READ_ORDERS = [{ actions: ['fetch'], topics: ['orders'] }];

const REFUSED_BODIES: [string, unknown][] = [
  ['no name', { scopes: EVERYTHING }],
  ['no scopes', { name: 'k' }],
  ['a name that is a number', { name: 7, scopes: EVERYTHING }],
  ['scopes that are no list', { name: 'k', scopes: { actions: ['fetch'], topics: ['*'] } }],
  ['an unknown action', { name: 'k', scopes: [{ actions: ['read'], topics: ['*'] }] }],
  ['an action in capitals', { name: 'k', scopes: [{ actions: ['Fetch'], topics: ['*'] }] }],
  ['no topics', { name: 'k', scopes: [{ actions: ['fetch'] }] }],
  ['an unknown field in a scope', { name: 'k', scopes: [{ actions: ['fetch'], topics: ['*'], groups: ['*'] }] }],
  ['an unknown field', { name: 'k', scopes: EVERYTHING, tenant: 'other' }],
  ['a star inside a pattern', { name: 'k', scopes: [{ actions: ['fetch'], topics: ['a*b'] }] }],
  ['two stars', { name: 'k', scopes: [{ actions: ['fetch'], topics: ['a**'] }] }],
  ['a star in front', { name: 'k', scopes: [{ actions: ['fetch'], topics: ['*a'] }] }],
  ['an empty pattern', { name: 'k', scopes: [{ actions: ['fetch'], topics: [''] }] }],
  ['a pattern that no name matches', { name: 'k', scopes: [{ actions: ['fetch'], topics: ['a b'] }] }],
  ['a time that is no time', { name: 'k', scopes: EVERYTHING, expiresAt: 'tomorrow' }],
  ['a time as a number', { name: 'k', scopes: EVERYTHING, expiresAt: 1_900_000_000_000 }],
  ['a time that is none in UTC', { name: 'k', scopes: EVERYTHING, expiresAt: '9999-12-31T23:59:59-01:00' }],
  ['a day that does not exist', { name: 'k', scopes: EVERYTHING, expiresAt: '2031-02-30T00:00:00Z' }],
];

export const keys: Chapter = (bus) => {
  const roads: [string, () => Caller, () => string][] = [
    ['the operator', () => bus.operator, () => `/v1/tenants/${bus.tenant}/keys`],
    ['a key with manage', () => bus.api, () => '/v1/keys'],
  ];

  describe.each(roads)('by %s', (_, caller, path) => {
    it('are made, and work', async () => {
      const answer = must(await caller().post(path(), { name: 'reader', scopes: READ_ORDERS }), 201);
      const made = answer.json<KeyBody>();
      expect(made).toMatchObject({ name: 'reader', scopes: READ_ORDERS });
      expect(made.expiresAt ?? null).toBeNull();
      expect(made.key).toMatch(/^chq_[\x21-\x7e]{40,}$/);
      const who = must(await bus.http.as(made.key).get('/v1/whoami'), 200).json();
      expect(who).toEqual({ kind: 'tenant', tenant: bus.tenant, keyId: made.id, scopes: READ_ORDERS });
    });

    it('show their secret once', async () => {
      const made = must(await caller().post(path(), { name: 'shown once', scopes: READ_ORDERS }), 201).json<KeyBody>();
      const list = must(await caller().get(`${path()}?limit=1000`), 200);
      expect(list.text).not.toContain(made.key);
      const entry = list.json<ListBody<KeyBody>>().data.find(({ id }) => id === made.id);
      expect(entry).toMatchObject({ name: 'shown once', scopes: READ_ORDERS, createdAt: made.createdAt });
      expect(entry).not.toHaveProperty('key');
      expect(JSON.stringify(entry)).not.toMatch(/chq_|sha/i);
    });

    it('are gone after DELETE, and only then', async () => {
      const made = must(await caller().post(path(), { name: 'short', scopes: EVERYTHING }), 201).json<KeyBody>();
      must(await caller().delete(`${path()}/${made.id}`), 204);
      expectProblem(await caller().delete(`${path()}/${made.id}`), 404, 'key_not_found');
      expectProblem(await caller().post(`${path()}/${made.id}/rotate`, {}), 404, 'key_not_found');
      expect(must(await caller().get(`${path()}?limit=1000`), 200).text).not.toContain(made.id);
    });

    it.each(REFUSED_BODIES)('are refused with %s', async (_case, body) => {
      const before = must(await caller().get(`${path()}?limit=1000`), 200).json<ListBody<unknown>>().data.length;
      expectProblem(await caller().post(path(), body), 400, 'invalid_request');
      const after = must(await caller().get(`${path()}?limit=1000`), 200).json<ListBody<unknown>>().data.length;
      expect(after).toBe(before);
    });
  });

  it('are never the same twice', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => makeKey(bus.operator, bus.tenant)));
    expect(new Set(made.map(({ key }) => key)).size).toBe(20);
    expect(new Set(made.map(({ id }) => id)).size).toBe(20);
  });

  it('may have several scopes and patterns', async () => {
    const scopes = [
      { actions: ['fetch', 'produce'], topics: ['orders', 'logs.*'] },
      { actions: ['manage'], topics: ['*'] },
    ];
    expect((await makeKey(bus.operator, bus.tenant, { scopes })).scopes).toEqual(scopes);
  });

  it('refuse a rotation overlap that is no length of time', async () => {
    const { id } = await makeKey(bus.operator, bus.tenant);
    for (const overlapMs of [-1, 1.5, '1000', true, 1e15]) {
      expectProblem(await bus.api.post(`/v1/keys/${id}/rotate`, { overlapMs }), 400, 'invalid_request');
    }
  });

  it('tell the operator who it is', async () => {
    const who = must(await bus.operator.get('/v1/whoami'), 200).json<Record<string, unknown>>();
    expect(who).toMatchObject({ kind: 'operator', keyId: expect.any(String), scopes: expect.any(Array) });
    expect(who).not.toHaveProperty('tenant');
  });

  describe('what a key gives out', () => {
    const ask = (caller: Caller, actions: readonly string[], topics: readonly string[]) =>
      caller.post('/v1/keys', { name: 'child', scopes: [{ actions, topics }] });

    it('may be as much as it has, or less', async () => {
      const scopes = [{ actions: ['manage', 'fetch'], topics: ['logs.*', 'orders'] }];
      const parent = await bus.callerWith(scopes);
      for (const topics of [['logs.*'], ['logs.app.*'], ['logs.app'], ['orders'], ['orders', 'logs.x']]) {
        must(await ask(parent, ['fetch'], topics), 201);
        must(await ask(parent, ['manage', 'fetch'], topics), 201);
      }
    });

    it('is never more than it has', async () => {
      const parent = await bus.callerWith([{ actions: ['manage', 'fetch'], topics: ['logs.*', 'orders'] }]);
      for (const topics of [['*'], ['logs*'], ['l*'], ['order'], ['orders*'], ['orders', 'other']]) {
        expectProblem(await ask(parent, ['fetch'], topics), 403, 'forbidden');
      }
      expectProblem(await ask(parent, ['produce'], ['orders']), 403, 'forbidden');
      expectProblem(await ask(parent, [...ALL_ACTIONS], ['orders']), 403, 'forbidden');
    });

    it('does not mix actions and topics of different scopes', async () => {
      const parent = await bus.callerWith([
        { actions: ['manage'], topics: ['a'] },
        { actions: ['fetch'], topics: ['b'] },
        { actions: ['fetch'], topics: ['c*'] },
      ]);
      expectProblem(await ask(parent, ['fetch'], ['a']), 403, 'forbidden');
      expectProblem(await ask(parent, ['manage'], ['b']), 403, 'forbidden');
      must(await ask(parent, ['fetch'], ['b', 'c.d']), 201);
    });

    it('is not the secret of a mightier key: rotating one is giving it out', async () => {
      const mighty = await makeKey(bus.operator, bus.tenant);
      const small = await bus.callerWith([{ actions: ['manage'], topics: ['orders'] }]);
      expectProblem(await small.post(`/v1/keys/${mighty.id}/rotate`, {}), 403, 'forbidden');
      must(await bus.http.as(mighty.key).get('/v1/whoami'), 200);
    });

    it('is nothing without manage', async () => {
      const reader = await bus.callerWith([{ actions: ['fetch', 'produce', 'subscribe'], topics: ['*'] }]);
      expectProblem(await ask(reader, ['fetch'], ['*']), 403, 'forbidden');
      expectProblem(await reader.get('/v1/keys'), 403, 'forbidden');
      expectProblem(await reader.delete('/v1/keys/some'), 403, 'forbidden');
      expectProblem(await reader.post('/v1/keys/some/rotate', {}), 403, 'forbidden');
    });
  });
};
