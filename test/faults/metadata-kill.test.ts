import { describe, expect, it } from 'vitest';
import { fetchTopic, makeKey, makeTenant, makeTopic, must, partitionsOf, produce } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { KeyBody } from '../support/shapes.ts';
import { useServer } from '../support/use-server.ts';

/** What was answered is kept, records or not: each case changes something, is killed at once, and looks. */
describe('kill -9 right behind the answer', () => {
  const used = useServer();

  it('a topic, its changes and its new partitions', async () => {
    const { name } = await makeTopic(used.api, { partitions: 2, retentionMs: 60_000 });
    const changed = must(
      await used.api.patch(`/v1/topics/${name}`, { partitions: 5, retentionBytes: 9000 }),
      200,
    ).json();
    await used.killAndRestart();
    expect(must(await used.api.get(`/v1/topics/${name}`), 200).json()).toEqual(changed);
    expect(await partitionsOf(used.api, name)).toHaveLength(5);
    expect((await produce(used.api, name, [{ partition: 4 }]))[0]).toMatchObject({ partition: 4, offset: 0 });
  });

  it('a deleted topic, and one made again under its name', async () => {
    const [gone, again] = [await makeTopic(used.api), await makeTopic(used.api)];
    await produce(used.api, gone.name, [{ value: 'gone' }]);
    await produce(used.api, again.name, [{ value: 'old' }]);
    const { cursor } = await fetchTopic(used.api, again.name);
    must(await used.api.delete(`/v1/topics/${gone.name}`), 204);
    must(await used.api.delete(`/v1/topics/${again.name}`), 204);
    const { id } = await makeTopic(used.api, { partitions: 2 }, again.name);
    await used.killAndRestart();
    expectProblem(await used.api.get(`/v1/topics/${gone.name}`), 404, 'topic_not_found');
    expect(must(await used.api.get(`/v1/topics/${again.name}`), 200).json()).toMatchObject({ id, partitions: 2 });
    expect((await fetchTopic(used.api, again.name)).records).toEqual([]);
    const stale = await used.api.get(`/v1/topics/${again.name}/records?cursor=${encodeURIComponent(cursor)}`);
    expectProblem(stale, 400, 'invalid_cursor');
  });

  it('a moved log start', async () => {
    const { name } = await makeTopic(used.api);
    await produce(
      used.api,
      name,
      Array.from({ length: 20 }, (_, value) => ({ value })),
    );
    must(await used.api.delete(`/v1/topics/${name}/partitions/0/records?beforeOffset=13`), 200);
    await used.killAndRestart();
    expect((await partitionsOf(used.api, name))[0]).toMatchObject({ logStartOffset: 13, highWatermark: 20 });
    expectProblem(await used.api.get(`/v1/topics/${name}/partitions/0/records?offset=12`), 416, 'offset_out_of_range');
  });

  it('keys made, revoked and rotated', async () => {
    const made = await makeKey(used.operator, 'dev', { name: 'made' });
    const revoked = await makeKey(used.operator, 'dev', { name: 'revoked' });
    const rotated = await makeKey(used.operator, 'dev', { name: 'rotated' });
    must(await used.api.delete(`/v1/keys/${revoked.id}`), 204);
    const { key } = must(await used.api.post(`/v1/keys/${rotated.id}/rotate`, { overlapMs: 0 }), 201).json<KeyBody>();
    await used.killAndRestart();
    must(await used.http.as(made.key).get('/v1/whoami'), 200);
    must(await used.http.as(key).get('/v1/whoami'), 200);
    expectProblem(await used.http.as(revoked.key).get('/v1/whoami'), 401, 'unauthenticated');
    expectProblem(await used.http.as(rotated.key).get('/v1/whoami'), 401, 'unauthenticated');
  });

  it('tenants made and deleted', async () => {
    const kept = await makeTenant(used.operator);
    const gone = await makeTenant(used.operator);
    const { key } = await makeKey(used.operator, gone);
    await makeTopic(used.http.as(key), {}, 'orders');
    must(await used.operator.delete(`/v1/tenants/${gone}?confirm=${gone}&cascade=true`), 204);
    await used.killAndRestart();
    must(await used.operator.get(`/v1/tenants/${kept}`), 200);
    expectProblem(await used.operator.get(`/v1/tenants/${gone}`), 404, 'tenant_not_found');
    expectProblem(await used.http.as(key).get('/v1/topics'), 401, 'unauthenticated');
  });

  it('an idempotency key: a repeat is told what the first one was', async () => {
    const { name } = await makeTopic(used.api, { partitions: 3 });
    const call = { json: { records: [{ key: 'a' }, { key: 'b' }] }, headers: { 'idempotency-key': `kill-${name}` } };
    const first = must(await used.api.send('POST', `/v1/topics/${name}/records`, call), 200);
    await used.killAndRestart();
    const second = must(await used.api.send('POST', `/v1/topics/${name}/records`, call), 200);
    expect(second.text).toBe(first.text);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect((await fetchTopic(used.api, name)).records).toHaveLength(2);
  });
});
