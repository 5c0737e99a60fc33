import { describe, expect, it } from 'vitest';
import { EVERYTHING, freshName, makeKey, makeTenant, makeTopic, must } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Caller } from '../support/http.ts';
import type { Fetched, ListBody, TenantBody } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

export const tenants: Chapter = (bus) => {
  const tenantWithTopic = async (): Promise<{ name: string; api: Caller }> => {
    const name = await makeTenant(bus.operator);
    const api = await bus.callerWith(EVERYTHING, name);
    await makeTopic(api, {}, 'orders');
    return { name, api };
  };

  it('are made by PUT, once, and then found', async () => {
    const name = freshName('acme');
    const created = must(await bus.operator.put(`/v1/tenants/${name}`, { name: 'Acme, Inc.' }), 201).json<TenantBody>();
    expect(Object.keys(created).sort()).toEqual(['createdAt', 'id', 'name', 'quotas']);
    expect(created).toMatchObject({ id: name, name: 'Acme, Inc.' });
    const again = must(await bus.operator.put(`/v1/tenants/${name}`, { name: 'Acme, Inc.' }), 200).json<TenantBody>();
    expect(again).toEqual(created);
    expect(must(await bus.operator.get(`/v1/tenants/${name}`), 200).json()).toEqual(created);
  });

  it('keep a name that an update leaves out, or gives as null', async () => {
    const name = freshName('acme');
    must(await bus.operator.put(`/v1/tenants/${name}`, { name: 'First' }), 201);
    expect(must(await bus.operator.put(`/v1/tenants/${name}`, {}), 200).json<TenantBody>().name).toBe('First');
    expect(must(await bus.operator.put(`/v1/tenants/${name}`, { name: null }), 200).json<TenantBody>().name).toBe(
      'First',
    );
    expect(must(await bus.operator.put(`/v1/tenants/${name}`, { name: 'Second' }), 200).json<TenantBody>().name).toBe(
      'Second',
    );
  });

  it('are made once, however many ask at once', async () => {
    const name = freshName('race');
    const answers = await Promise.all(Array.from({ length: 12 }, () => bus.operator.put(`/v1/tenants/${name}`)));
    expect(answers.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.json<TenantBody>().createdAt)).size).toBe(1);
  });

  it('are not there before they are made', async () => {
    const name = freshName('nobody');
    expectProblem(await bus.operator.get(`/v1/tenants/${name}`), 404, 'tenant_not_found');
    expectProblem(await bus.operator.delete(`/v1/tenants/${name}?confirm=${name}`), 404, 'tenant_not_found');
    expectProblem(await bus.operator.get(`/v1/tenants/${name}/keys`), 404, 'tenant_not_found');
    const key = { name: 'k', scopes: EVERYTHING };
    expectProblem(await bus.operator.post(`/v1/tenants/${name}/keys`, key), 404, 'tenant_not_found');
    expectProblem(await bus.operator.delete(`/v1/tenants/${name}/keys/k`), 404, 'tenant_not_found');
  });

  it('show quotas, and refuse those that would have no effect', async (context) => {
    const name = freshName('quota');
    const { quotas } = must(await bus.operator.put(`/v1/tenants/${name}`, { quotas: {} }), 201).json<TenantBody>();
    expect(typeof quotas).toBe('object');
    if (!bus.lacks('quotas')) context.skip('this deployment has quotas: their own chapter tests them');
    expectProblem(
      await bus.operator.put(`/v1/tenants/${name}`, { quotas: { requestsPerSecond: 5 } }),
      400,
      'invalid_request',
    );
    expectProblem(
      await bus.operator.put(`/v1/tenants/${name}`, { quotas: { requestsPerFortnight: 5 } }),
      400,
      'invalid_request',
    );
  });

  it.each([{ name: 7 }, { name: ['x'] }, { title: 'x' }, { quotas: 'many' }, { name: 'x', id: 'y' }])(
    'refuse %o',
    async (body) => {
      const name = freshName('bad');
      expectProblem(await bus.operator.put(`/v1/tenants/${name}`, body), 400, 'invalid_request');
      expectProblem(await bus.operator.get(`/v1/tenants/${name}`), 404, 'tenant_not_found');
    },
  );

  describe('DELETE', () => {
    it('needs the name twice', async () => {
      const name = await makeTenant(bus.operator);
      for (const query of ['', '?confirm=', '?confirm=yes', `?confirm=${name}x`, `?confirm=${name.toUpperCase()}`]) {
        expectProblem(await bus.operator.delete(`/v1/tenants/${name}${query}`), 400, 'invalid_request');
      }
      must(await bus.operator.get(`/v1/tenants/${name}`), 200);
      must(await bus.operator.delete(`/v1/tenants/${name}?confirm=${name}`), 204);
      expectProblem(await bus.operator.get(`/v1/tenants/${name}`), 404, 'tenant_not_found');
      expectProblem(await bus.operator.delete(`/v1/tenants/${name}?confirm=${name}`), 404, 'tenant_not_found');
    });

    it('is refused while topics exist', async () => {
      const { name, api } = await tenantWithTopic();
      for (const query of ['', '&cascade=false']) {
        expectProblem(await bus.operator.delete(`/v1/tenants/${name}?confirm=${name}${query}`), 409, 'conflict');
      }
      must(await api.get('/v1/topics/orders'), 200);
      must(await api.delete('/v1/topics/orders'), 204);
      must(await bus.operator.delete(`/v1/tenants/${name}?confirm=${name}`), 204);
    });

    it('takes topics along when it is told to, and nothing but true tells it to', async () => {
      const { name, api } = await tenantWithTopic();
      for (const cascade of ['yes', '1', 'TRUE', '']) {
        expectProblem(
          await bus.operator.delete(`/v1/tenants/${name}?confirm=${name}&cascade=${cascade}`),
          400,
          'invalid_request',
        );
      }
      must(await api.get('/v1/topics/orders'), 200);
      must(await bus.operator.delete(`/v1/tenants/${name}?confirm=${name}&cascade=true`), 204);
    });

    it('kills the keys of the tenant, and a tenant made again has neither its keys nor its topics', async () => {
      const { name, api } = await tenantWithTopic();
      const key = (await makeKey(bus.operator, name)).key;
      must(await bus.http.as(key).get('/v1/whoami'), 200);
      must(await bus.operator.delete(`/v1/tenants/${name}?confirm=${name}&cascade=true`), 204);
      await new Promise((done) => setTimeout(done, bus.target.keyDeathMs));
      expectProblem(await bus.http.as(key).get('/v1/whoami'), 401, 'unauthenticated');
      must(await bus.operator.put(`/v1/tenants/${name}`), 201);
      expectProblem(await bus.http.as(key).get('/v1/whoami'), 401, 'unauthenticated');
      expectProblem(await api.get('/v1/topics'), 401, 'unauthenticated');
      const anew = await bus.callerWith(EVERYTHING, name);
      expect(must(await anew.get('/v1/topics'), 200).json<ListBody<unknown>>().data).toEqual([]);
      expect(must(await bus.operator.get(`/v1/tenants/${name}/keys`), 200).json<ListBody<unknown>>().data).toHaveLength(
        1,
      );
    });
  });

  it('made again under a name know nothing of the idempotency keys that were used before', async () => {
    const { name, api } = await tenantWithTopic();
    const pay = (caller: Caller) =>
      caller.post('/v1/topics/orders/records', { records: [{ value: 'paid' }] }, { 'idempotency-key': 'order-7' });
    must(await pay(api), 200);
    must(await bus.operator.delete(`/v1/tenants/${name}?confirm=${name}&cascade=true`), 204);
    must(await bus.operator.put(`/v1/tenants/${name}`), 201);
    const anew = await bus.callerWith(EVERYTHING, name);
    await makeTopic(anew, {}, 'orders');
    const first = must(await pay(anew), 200);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    const again = must(await pay(anew), 200);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.json()).toEqual(first.json());
    const { records } = must(await anew.get('/v1/topics/orders/records'), 200).json<Fetched>();
    expect(records.map(({ value }) => value)).toEqual(['paid']);
  });

  it('do not see each other: the same topic name is two topics', async () => {
    const left = await tenantWithTopic();
    const right = await tenantWithTopic();
    must(await left.api.post('/v1/topics/orders/records', { records: [{ value: 'left' }] }), 200);
    must(await right.api.delete('/v1/topics/orders'), 204);
    must(await left.api.get('/v1/topics/orders'), 200);
    await makeTopic(right.api, {}, 'orders');
    expect(must(await right.api.get('/v1/topics/orders/records'), 200).json()).toMatchObject({ records: [] });
    expect(must(await left.api.get('/v1/topics/orders/records'), 200).json()).toMatchObject({
      records: [{ value: 'left' }],
    });
  });
};
