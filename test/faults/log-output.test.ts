import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchFrom, makeKey, makeTopic, produce } from '../support/bus.ts';
import { type Caller, Http } from '../support/http.ts';
import { ServerProcess } from '../support/server-process.ts';
import type { KeyBody } from '../support/shapes.ts';
import { useServer } from '../support/use-server.ts';

const SECRET_VALUE = 'a-value-that-nobody-else-may-read';

interface Line {
  readonly requestId?: string;
  readonly status?: number;
}

/** The log as a machine reads it: one JSON object a line, every request once, and nothing in it that is secret. */
describe('the log', () => {
  let server: ServerProcess;
  let http: Http;
  let api: Caller;
  let secrets: string[];
  const requestIds: string[] = [];

  beforeAll(async () => {
    server = await ServerProcess.start({ settings: { CHASQUI_LOG: 'debug' } });
    http = new Http(server.baseUrl);
    api = http.as(server.devKey);
    const { name } = await makeTopic(api);
    const made = await makeKey(http.as(server.operatorKey), 'dev');
    const rotated = (await api.post(`/v1/keys/${made.id}/rotate`, {})).json<KeyBody>();
    secrets = [server.operatorKey, server.devKey, made.key, rotated.key, SECRET_VALUE];
    await produce(api, name, [{ key: SECRET_VALUE, value: SECRET_VALUE, headers: { [SECRET_VALUE]: SECRET_VALUE } }]);
    const calls = [
      api.get(`/v1/topics/${name}/records`),
      api.get(`/v1/topics?access_token=${server.devKey}`),
      api.send('POST', `/v1/topics/${name}/records?key=${SECRET_VALUE}`, { body: SECRET_VALUE }),
      api.post(`/v1/topics/${name}/records`, { records: [{ secret: SECRET_VALUE, value: SECRET_VALUE }] }),
      api.send('POST', `/v1/topics/${name}/records`, {
        json: { records: [{}] },
        headers: { 'idempotency-key': SECRET_VALUE },
      }),
      http.as(`${made.key}x`).get('/v1/topics'),
      http.as(undefined).get(`/v1/nowhere/${server.devKey}`),
      api.get('/v1/topics'),
    ];
    for (const answer of await Promise.all(calls)) requestIds.push(String(answer.headers['chasqui-request-id']));
    http.close();
    await server.stop();
  });

  afterAll(() => server.cleanup());

  const lines = (): string[] => server.output.split('\n').filter((line) => line.startsWith('{'));

  it('has a line of JSON for every request, with its id and its status', () => {
    const logged = lines().map((line) => JSON.parse(line) as Line);
    for (const id of requestIds) {
      const own = logged.filter(({ requestId }) => requestId === id);
      expect(own, id).toHaveLength(1);
      expect(own[0]?.status).toBeGreaterThanOrEqual(200);
    }
  });

  it('holds no key, no body and no query', () => {
    const log = lines().join('\n');
    for (const secret of secrets) expect(log).not.toContain(secret);
  });
});

describe('a log that nobody reads any more', () => {
  const used = useServer({ settings: { CHASQUI_LOG: 'debug' } });

  it('does not end the bus', async () => {
    const { name } = await makeTopic(used.api);
    const { stdout, stderr } = used.server.running.child;
    stdout?.destroy();
    stderr?.destroy();
    for (let value = 0; value < 20; value += 1) {
      await produce(used.api, name, [{ value }]);
      // Lines are handed over after 50 ms: some of these requests come behind that.
      await new Promise((done) => setTimeout(done, 10));
    }
    expect(used.server.running.hasExited).toBe(false);
    expect((await fetchFrom(used.api, name)).records).toHaveLength(20);
  });
});
