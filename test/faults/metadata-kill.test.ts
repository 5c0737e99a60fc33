import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchTopic, makeKey, makeTenant, makeTopic, must, partitionsOf, produce } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { type Caller, Http } from '../support/http.ts';
import { ServerProcess } from '../support/server-process.ts';
import type { KeyBody } from '../support/shapes.ts';

/** What was answered is kept, records or not: each case changes something, is killed at once, and looks. */
describe('kill -9 right behind the answer', () => {
  let server: ServerProcess;
  let http: Http;
  let operator: Caller;
  let api: Caller;

  const connect = (): void => {
    http = new Http(server.baseUrl);
    operator = http.as(server.operatorKey);
    api = http.as(server.devKey);
  };

  const killAndRestart = async (): Promise<void> => {
    await server.kill();
    http.close();
    await server.restart();
    connect();
  };

  beforeAll(async () => {
    server = await ServerProcess.start();
    connect();
  });

  afterAll(async () => {
    http.close();
    await server.cleanup();
  });

  it('a topic, its changes and its new partitions', async () => {
    const { name } = await makeTopic(api, { partitions: 2, retentionMs: 60_000 });
    const changed = must(await api.patch(`/v1/topics/${name}`, { partitions: 5, retentionBytes: 9000 }), 200).json();
    await killAndRestart();
    expect(must(await api.get(`/v1/topics/${name}`), 200).json()).toEqual(changed);
    expect(await partitionsOf(api, name)).toHaveLength(5);
    expect((await produce(api, name, [{ partition: 4 }]))[0]).toMatchObject({ partition: 4, offset: 0 });
  });

  it('a deleted topic, and one made again under its name', async () => {
    const [gone, again] = [await makeTopic(api), await makeTopic(api)];
    await produce(api, gone.name, [{ value: 'gone' }]);
    await produce(api, again.name, [{ value: 'old' }]);
    const { cursor } = await fetchTopic(api, again.name);
    must(await api.delete(`/v1/topics/${gone.name}`), 204);
    must(await api.delete(`/v1/topics/${again.name}`), 204);
    const { id } = await makeTopic(api, { partitions: 2 }, again.name);
    await killAndRestart();
    expectProblem(await api.get(`/v1/topics/${gone.name}`), 404, 'topic_not_found');
    expect(must(await api.get(`/v1/topics/${again.name}`), 200).json()).toMatchObject({ id, partitions: 2 });
    expect((await fetchTopic(api, again.name)).records).toEqual([]);
    const stale = await api.get(`/v1/topics/${again.name}/records?cursor=${encodeURIComponent(cursor)}`);
    expectProblem(stale, 400, 'invalid_cursor');
  });

  it('a moved log start', async () => {
    const { name } = await makeTopic(api);
    await produce(
      api,
      name,
      Array.from({ length: 20 }, (_, value) => ({ value })),
    );
    must(await api.delete(`/v1/topics/${name}/partitions/0/records?beforeOffset=13`), 200);
    await killAndRestart();
    expect((await partitionsOf(api, name))[0]).toMatchObject({ logStartOffset: 13, highWatermark: 20 });
    expectProblem(await api.get(`/v1/topics/${name}/partitions/0/records?offset=12`), 416, 'offset_out_of_range');
  });

  it('keys made, revoked and rotated', async () => {
    const made = await makeKey(operator, 'dev', { name: 'made' });
    const revoked = await makeKey(operator, 'dev', { name: 'revoked' });
    const rotated = await makeKey(operator, 'dev', { name: 'rotated' });
    must(await api.delete(`/v1/keys/${revoked.id}`), 204);
    const { key } = must(await api.post(`/v1/keys/${rotated.id}/rotate`, { overlapMs: 0 }), 201).json<KeyBody>();
    await killAndRestart();
    must(await http.as(made.key).get('/v1/whoami'), 200);
    must(await http.as(key).get('/v1/whoami'), 200);
    expectProblem(await http.as(revoked.key).get('/v1/whoami'), 401, 'unauthenticated');
    expectProblem(await http.as(rotated.key).get('/v1/whoami'), 401, 'unauthenticated');
  });

  it('tenants made and deleted', async () => {
    const kept = await makeTenant(operator);
    const gone = await makeTenant(operator);
    const { key } = await makeKey(operator, gone);
    await makeTopic(http.as(key), {}, 'orders');
    must(await operator.delete(`/v1/tenants/${gone}?confirm=${gone}&cascade=true`), 204);
    await killAndRestart();
    must(await operator.get(`/v1/tenants/${kept}`), 200);
    expectProblem(await operator.get(`/v1/tenants/${gone}`), 404, 'tenant_not_found');
    expectProblem(await http.as(key).get('/v1/topics'), 401, 'unauthenticated');
  });

  it('an idempotency key: a repeat is told what the first one was', async () => {
    const { name } = await makeTopic(api, { partitions: 3 });
    const call = { json: { records: [{ key: 'a' }, { key: 'b' }] }, headers: { 'idempotency-key': `kill-${name}` } };
    const first = must(await api.send('POST', `/v1/topics/${name}/records`, call), 200);
    await killAndRestart();
    const second = must(await api.send('POST', `/v1/topics/${name}/records`, call), 200);
    expect(second.text).toBe(first.text);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect((await fetchTopic(api, name)).records).toHaveLength(2);
  });
});
