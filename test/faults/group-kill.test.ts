import { afterEach, beforeEach, expect, it } from 'vitest';
import { freshName, makeTopic, must, produce } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { type Caller, Http } from '../support/http.ts';
import { ServerProcess } from '../support/server-process.ts';

interface Polled {
  readonly generation: number;
  readonly assignment: readonly object[];
  readonly records: readonly { readonly offset: number; readonly partition: number }[];
  readonly cursor: string;
}

let server: ServerProcess;
let http: Http;
let api: Caller;

const connect = (): void => {
  http = new Http(server.baseUrl);
  api = http.as(server.devKey);
};

const killAndRestart = async (): Promise<void> => {
  await server.kill();
  http.close();
  await server.restart();
  connect();
};

beforeEach(async () => {
  server = await ServerProcess.start();
  connect();
});
afterEach(async () => {
  http.close();
  await server.cleanup();
});

it('kill -9 right behind the answer: commits, members, cursors and generations are kept', async () => {
  const [{ name: topic }, group] = [await makeTopic(api, { partitions: 3 }), freshName('group')];
  const path = `/v1/groups/${group}/members`;
  const records = Array.from({ length: 30 }, (_, value) => ({ value, partition: value % 3 }));
  await produce(api, topic, records);
  const poll = async (member: string, body: object = {}): Promise<Polled> =>
    must(await api.post(`${path}/${member}/poll`, { topics: [topic], ...body }), 200).json();
  const first = await poll('a', { limit: 15 });
  const { generation } = first;
  const offsets = [0, 1, 2].map((partition) => ({ topic, partition, offset: 4 }));
  must(await api.post(`${path}/a/commit`, { generation, offsets }), 200);
  const before = must(await api.get(`/v1/groups/${group}`), 200).json<{ partitions: object[] }>();
  await killAndRestart();
  const after = must(await api.get(`/v1/groups/${group}`), 200).json<{ partitions: object[] }>();
  expect(after.partitions).toEqual(before.partitions);
  const next = await poll('a', { cursor: first.cursor });
  expect(next).toMatchObject({ generation, assignment: first.assignment });
  expect(next.records).toHaveLength(15);
  expect((await poll('a')).records).toHaveLength(18);
  must(await api.delete(`${path}/a`), 204);
  await killAndRestart();
  expectProblem(await api.post(`${path}/a/commit`, { generation, offsets }), 409, 'fenced');
  expect((await poll('b')).generation).toBeGreaterThan(generation);
  must(await api.delete(`/v1/groups/${group}`), 204);
  await killAndRestart();
  expectProblem(await api.get(`/v1/groups/${group}`), 404, 'group_not_found');
  const anew = await poll('a');
  expect(anew.generation).toBeGreaterThan(generation + 1);
  expect(anew.records).toHaveLength(30);
});
