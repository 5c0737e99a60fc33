import { describe, expect, it } from 'vitest';
import { makeKey, makeTenant, makeTopic, must } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Caller } from '../support/http.ts';
import type { ListBody } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

const BAD_LIMITS = ['0', '1001', '-1', 'ten', '1.5', '', '1e2', '0x10', '+5', '%205', '99999999999999999999'];

const walk = async <Item>(caller: Caller, path: string, limit: number): Promise<Item[]> => {
  const items: Item[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const separator = path.includes('?') ? '&' : '?';
    const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: ListBody<Item> = must(await caller.get(`${path}${separator}limit=${limit}${from}`), 200).json();
    expect(page.data.length).toBeLessThanOrEqual(limit);
    items.push(...page.data);
    cursor = page.nextCursor;
  }
  return items;
};

export const lists: Chapter = (bus) => {
  it('are walked page by page, each thing once', async () => {
    const tenant = await bus.stranger();
    const names = Array.from({ length: 7 }, (_, index) => `list-${index}`);
    for (const name of names) await makeTopic(tenant, {}, name);
    for (const limit of [1, 2, 3, 7, 8, 1000]) {
      const found = await walk<{ name: string }>(tenant, '/v1/topics', limit);
      expect(found.map(({ name }) => name)).toEqual(names);
    }
  });

  it('answer null behind the last page, also when that page is full, and an empty list where there is nothing', async () => {
    const tenant = await bus.stranger();
    const empty = must(await tenant.get('/v1/topics'), 200).json<ListBody<unknown>>();
    expect(empty).toEqual({ data: [], nextCursor: null });
    await makeTopic(tenant, {}, 'only');
    expect(must(await tenant.get('/v1/topics'), 200).json<ListBody<unknown>>().nextCursor).toBeNull();
  });

  it('hold a hundred where no limit is given', async () => {
    const tenant = await bus.stranger();
    await Promise.all(Array.from({ length: 105 }, (_, index) => makeTopic(tenant, {}, `t${index}`)));
    const page = must(await tenant.get('/v1/topics'), 200).json<ListBody<unknown>>();
    expect(page.data.length).toBe(100);
    expect(page.nextCursor).toEqual(expect.any(String));
    expect((await walk(tenant, '/v1/topics', 40)).length).toBe(105);
  });

  it('go on behind a name that was deleted meanwhile', async () => {
    const tenant = await bus.stranger();
    for (const name of ['a', 'b', 'c']) await makeTopic(tenant, {}, name);
    const { nextCursor } = must(await tenant.get('/v1/topics?limit=2'), 200).json<ListBody<unknown>>();
    must(await tenant.delete('/v1/topics/b'), 204);
    const rest = must(await tenant.get(`/v1/topics?cursor=${encodeURIComponent(nextCursor ?? '')}`), 200);
    expect(rest.json<ListBody<{ name: string }>>().data.map(({ name }) => name)).toEqual(['c']);
  });

  it('of topics take a prefix, which pages keep', async () => {
    const tenant = await bus.stranger();
    for (const name of ['logs', 'logs.a', 'logs.b', 'logs.c', 'log', 'orders']) await makeTopic(tenant, {}, name);
    const found = await walk<{ name: string }>(tenant, '/v1/topics?prefix=logs.', 2);
    expect(found.map(({ name }) => name)).toEqual(['logs.a', 'logs.b', 'logs.c']);
    expect((await walk(tenant, '/v1/topics?prefix=nothing', 2)).length).toBe(0);
  });

  it('of tenants and keys are walked in the same way', async () => {
    const tenant = await makeTenant(bus.operator);
    const made = [];
    for (let index = 0; index < 5; index += 1)
      made.push((await makeKey(bus.operator, tenant, { name: `k${index}` })).id);
    const keys = await walk<{ id: string }>(bus.operator, `/v1/tenants/${tenant}/keys`, 2);
    expect(keys.map(({ id }) => id).sort()).toEqual([...made].sort());
    const tenants = (await walk<{ id: string }>(bus.operator, '/v1/tenants', 3)).map(({ id }) => id);
    expect(tenants).toContain(tenant);
    expect(new Set(tenants).size).toBe(tenants.length);
  });

  it('of topics refuse a prefix that is longer than names are', async () => {
    must(await bus.api.get(`/v1/topics?prefix=${'a'.repeat(128)}`), 200);
    expectProblem(await bus.api.get(`/v1/topics?prefix=${'a'.repeat(129)}`), 400, 'invalid_request');
    expectProblem(await bus.api.get(`/v1/topics?prefix=${'a'.repeat(8000)}`), 400, 'invalid_request');
  });

  it('refuse a cursor that another list gave, or the same list of another tenant', async () => {
    const [tenant, other] = [await bus.stranger(), await bus.stranger()];
    for (const name of ['a', 'b']) for (const caller of [tenant, other]) await makeTopic(caller, {}, name);
    const { nextCursor } = must(await tenant.get('/v1/topics?limit=1'), 200).json<ListBody<unknown>>();
    const query = `?cursor=${encodeURIComponent(nextCursor ?? '')}`;
    must(await tenant.get(`/v1/topics${query}`), 200);
    for (const list of ['/v1/keys', '/v1/groups', '/v1/subscriptions'])
      expectProblem(await tenant.get(list + query), 400, 'invalid_cursor');
    expectProblem(await other.get(`/v1/topics${query}`), 400, 'invalid_cursor');
    expectProblem(await bus.operator.get(`/v1/tenants${query}`), 400, 'invalid_cursor');
  });

  describe.each(['/v1/topics', '/v1/keys', '/v1/tenants'])('%s', (path) => {
    const caller = (): Caller => (path === '/v1/tenants' ? bus.operator : bus.api);

    it.each(BAD_LIMITS)('refuses limit=%s', async (limit) => {
      expectProblem(await caller().get(`${path}?limit=${limit}`), 400, 'invalid_request');
    });

    it('refuses a cursor that no answer gave', async () => {
      for (const cursor of ['nonsense', 'AAAA', '%00', encodeURIComponent('"}{')]) {
        expectProblem(await caller().get(`${path}?cursor=${cursor}`), 400, 'invalid_cursor');
      }
    });
  });
};
