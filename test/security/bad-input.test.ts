import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTopic, must, produce, watermarks } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import { type Answer, type Caller, Http } from '../support/http.ts';
import { ServerProcess } from '../support/server-process.ts';
import { BODIES } from './bad-input-bodies.ts';
import { GROUPS } from './bad-input-groups.ts';
import { REQUESTS } from './bad-input-requests.ts';
import type { BadRow } from './bad-input-row.ts';
import { SUBSCRIBE } from './bad-input-subscribe.ts';

const TOPIC = 'victim';
const ROWS = [...BODIES, ...REQUESTS, ...GROUPS, ...SUBSCRIBE];

describe('bad input', () => {
  let server: ServerProcess;
  let http: Http;
  let api: Caller;
  let before: string;

  /** All that a request could have changed. */
  const everything = async (): Promise<string> => {
    const lists = ['topics', 'keys', 'groups', 'subscriptions'].map((what) => api.get(`/v1/${what}?limit=1000`));
    const answers = await Promise.all([...lists, api.get('/v1/groups/victims')]);
    return JSON.stringify([await watermarks(api, TOPIC), ...answers.map((answer) => must(answer, 200).text)]);
  };

  const send = (row: BadRow): Promise<Answer> => {
    const path = row.path.replaceAll('{topic}', TOPIC);
    const call = { headers: row.headers ?? {}, ...(row.body === undefined ? {} : { body: row.body }) };
    if (row.authorization === undefined) return api.send(row.method, path, call);
    if (row.authorization === null) return http.send(row.method, path, call);
    return http.send(row.method, path, { ...call, headers: { ...call.headers, authorization: row.authorization } });
  };

  beforeAll(async () => {
    server = await ServerProcess.start();
    http = new Http(server.baseUrl);
    api = http.as(server.devKey);
    await makeTopic(api, { partitions: 4 }, TOPIC);
    const records = Array.from({ length: 12 }, (_, index) => ({ value: index, partition: index % 4 }));
    await produce(api, TOPIC, records);
    const poll = { topics: [TOPIC], sessionTimeoutMs: 600_000 };
    must(await api.post('/v1/groups/victims/members/m/poll', poll), 200);
    const push = { topic: TOPIC, endpoint: { url: 'https://1.1.1.1/hook' } };
    must(await api.put('/v1/subscriptions/push', push), 201);
    before = await everything();
  });

  afterAll(async () => {
    http.close();
    await server.cleanup();
  });

  it('is a table of more than 300 rows, each with a name of its own', () => {
    expect(ROWS.length).toBeGreaterThan(300);
    expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
  });

  it.each(ROWS)('$name', async (row) => {
    const answer = await send(row);
    const shown = `${answer.status} ${answer.text.slice(0, 300)}`;
    const statuses = row.expected.map(([status]) => status);
    expect(statuses, shown).toContain(answer.status);
    const codes = row.expected.filter(([status]) => status === answer.status).map(([, code]) => code);
    const problem = expectProblem(answer, answer.status, codes);
    expect(problem.sideEffects).toBe('none');
    expect(answer.text).not.toMatch(/node_modules|\.ts:|\.mjs:|at async|ENOENT|TypeError/);
    expect(await everything()).toBe(before);
  });

  it('has left no trace in the log of errors: every one of these was the fault of the caller', () => {
    expect(server.output).not.toMatch(/"level": ?"error"|\berror\b.*\binternal\b|unhandled|uncaught/i);
  });
});
