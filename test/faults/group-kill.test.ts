import { expect, it } from 'vitest';
import { freshName, makeTopic, must, produce } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { useServer } from '../support/use-server.ts';

interface Polled {
  readonly generation: number;
  readonly assignment: readonly object[];
  readonly records: readonly { readonly offset: number; readonly partition: number }[];
  readonly cursor: string;
}

const used = useServer();

it('kill -9 right behind the answer: commits, members, cursors and generations are kept', async () => {
  const [{ name: topic }, group] = [await makeTopic(used.api, { partitions: 3 }), freshName('group')];
  const path = `/v1/groups/${group}/members`;
  const records = Array.from({ length: 30 }, (_, value) => ({ value, partition: value % 3 }));
  await produce(used.api, topic, records);
  const poll = async (member: string, body: object = {}): Promise<Polled> =>
    must(await used.api.post(`${path}/${member}/poll`, { topics: [topic], ...body }), 200).json();
  const first = await poll('a', { limit: 15 });
  const { generation } = first;
  const offsets = [0, 1, 2].map((partition) => ({ topic, partition, offset: 4 }));
  must(await used.api.post(`${path}/a/commit`, { generation, offsets }), 200);
  const before = must(await used.api.get(`/v1/groups/${group}`), 200).json<{ partitions: object[] }>();
  await used.killAndRestart();
  const after = must(await used.api.get(`/v1/groups/${group}`), 200).json<{ partitions: object[] }>();
  expect(after.partitions).toEqual(before.partitions);
  const next = await poll('a', { cursor: first.cursor });
  expect(next).toMatchObject({ generation, assignment: first.assignment });
  expect(next.records).toHaveLength(15);
  expect((await poll('a')).records).toHaveLength(18);
  must(await used.api.delete(`${path}/a`), 204);
  await used.killAndRestart();
  expectProblem(await used.api.post(`${path}/a/commit`, { generation, offsets }), 409, 'fenced');
  expect((await poll('b')).generation).toBeGreaterThan(generation);
  must(await used.api.delete(`/v1/groups/${group}`), 204);
  await used.killAndRestart();
  expectProblem(await used.api.get(`/v1/groups/${group}`), 404, 'group_not_found');
  const anew = await poll('a');
  expect(anew.generation).toBeGreaterThan(generation + 1);
  expect(anew.records).toHaveLength(30);
});
