import { beforeAll, describe, expect, it } from 'vitest';
import { makeTopic, must } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { Answer, Caller } from '../support/http.ts';
import type { ListBody } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';

type Action = 'produce' | 'fetch' | 'subscribe' | 'manage';
type Attempt = [string, readonly Action[], (caller: Caller, topic: string) => Promise<Answer>];

const CE = { 'ce-id': '1', 'ce-source': '/test', 'ce-type': 'test', 'ce-specversion': '1.0' };

const ATTEMPTS: readonly Attempt[] = [
  ['produce', ['produce'], (caller, topic) => caller.post(`/v1/topics/${topic}/records`, { records: [{ value: 1 }] })],
  [
    'events',
    ['produce'],
    (caller, topic) => caller.send('POST', `/v1/topics/${topic}/events`, { body: 'x', headers: CE }),
  ],
  ['fetch a partition', ['fetch'], (caller, topic) => caller.get(`/v1/topics/${topic}/partitions/0/records`)],
  ['fetch a topic', ['fetch'], (caller, topic) => caller.get(`/v1/topics/${topic}/records`)],
  ['read metadata', ['produce', 'fetch', 'subscribe', 'manage'], (caller, topic) => caller.get(`/v1/topics/${topic}`)],
  [
    'read partitions',
    ['produce', 'fetch', 'subscribe', 'manage'],
    (caller, topic) => caller.get(`/v1/topics/${topic}/partitions`),
  ],
  ['update', ['manage'], (caller, topic) => caller.put(`/v1/topics/${topic}`, {})],
  ['patch', ['manage'], (caller, topic) => caller.patch(`/v1/topics/${topic}`, {})],
  ['trim', ['manage'], (caller, topic) => caller.delete(`/v1/topics/${topic}/partitions/0/records?beforeOffset=0`)],
  ['delete', ['manage'], (caller, topic) => caller.delete(`/v1/topics/${topic}`)],
];

export const scopes: Chapter = (bus) => {
  const actions: Action[] = ['subscribe', 'produce', 'fetch', 'manage'];

  describe.each(actions)('a key for %s only', (action) => {
    let caller: Caller;
    beforeAll(async () => {
      caller = await bus.callerWith([{ actions: [action], topics: [`${action}.*`] }]);
    });

    it('opens what the action opens, and nothing else', async () => {
      const { name } = await makeTopic(bus.api, {}, `${action}.mine`);
      for (const [what, opening, attempt] of ATTEMPTS) {
        const answer = await attempt(caller, name);
        if (opening.includes(action)) expect([200, 204], `${what}: ${answer.text}`).toContain(answer.status);
        else expectProblem(answer, 403, 'forbidden');
      }
    });

    it('opens nothing on a topic out of its scope', async () => {
      const name = `${action}-not-mine`;
      await makeTopic(bus.api, {}, name);
      for (const [, , attempt] of ATTEMPTS) expectProblem(await attempt(caller, name), 403, 'forbidden');
      must(await bus.api.get(`/v1/topics/${name}`), 200);
    });
  });

  it('a prefix pattern matches what begins with it, a name itself only', async () => {
    const caller = await bus.callerWith([{ actions: ['manage'], topics: ['logs.*', 'orders'] }]);
    for (const name of ['logs.', 'logs.a', 'logs.a.b', 'orders']) await makeTopic(caller, {}, name);
    for (const name of ['logs', 'log', 'Logs.a', 'orders2', 'order', 'xorders', 'logsxa']) {
      expectProblem(await caller.put(`/v1/topics/${name}`), 403, 'forbidden');
    }
  });

  it('lists show only the topics in scope, on every page', async () => {
    for (const name of ['list.a', 'list.b', 'list.c', 'unlisted']) await makeTopic(bus.api, {}, name);
    const caller = await bus.callerWith([{ actions: ['produce'], topics: ['list.a', 'list.c'] }]);
    const first = must(await caller.get('/v1/topics?limit=1'), 200).json<ListBody<{ name: string }>>();
    expect(first.data.map(({ name }) => name)).toEqual(['list.a']);
    const rest = must(await caller.get(`/v1/topics?cursor=${encodeURIComponent(first.nextCursor ?? '')}`), 200);
    expect(rest.json<ListBody<{ name: string }>>()).toMatchObject({ data: [{ name: 'list.c' }], nextCursor: null });
    const all = must(await caller.get('/v1/topics'), 200).json<ListBody<{ name: string }>>();
    expect(all.data.map(({ name }) => name)).toEqual(['list.a', 'list.c']);
  });

  it('a key without a single topic in scope sees an empty list', async () => {
    const caller = await bus.callerWith([{ actions: ['fetch'], topics: ['nothing-of-this-name'] }]);
    expect(must(await caller.get('/v1/topics'), 200).json()).toEqual({ data: [], nextCursor: null });
  });
};
