import { describe, expect, it } from 'vitest';
import { freshName, makeTopic, must, produce } from '../support/bus.ts';
import { expectProblem } from '../support/expect-problem.ts';
import type { TopicBody } from '../support/shapes.ts';
import type { Chapter } from './bus-under-test.ts';
import { fillIn, routesOf } from './routes.ts';

const LONGEST = 'n'.repeat(128);
const BAD_NAMES = [
  '_hidden',
  '__system',
  '.dot',
  '-dash',
  'a%20b',
  'a%2Fb',
  'a%00',
  'caf%C3%A9',
  `${LONGEST}n`,
  'a*',
  'a:b',
  '%F0%9F%98%80',
];
const GOOD_NAMES = [
  'a',
  '0',
  'A.b_c-d',
  'a..b',
  LONGEST,
  'constructor',
  'toString',
  'hasOwnProperty',
  'records',
  'partitions',
];
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

export const conventions: Chapter = (bus) => {
  describe('names', () => {
    it.each(GOOD_NAMES)('takes %s', async (name) => {
      const topic = await makeTopic(bus.api, {}, name);
      expect(topic.name).toBe(name);
      expect(must(await bus.api.get(`/v1/topics/${name}`), 200).json<TopicBody>().id).toBe(topic.id);
      must(await bus.api.delete(`/v1/topics/${name}`), 204);
    });

    it.for(BAD_NAMES)('refuses %s', async (name, context) => {
      if (name.includes('%2F') && bus.lacks('encoded-slash')) context.skip('this gateway decodes slashes');
      expectProblem(await bus.api.put(`/v1/topics/${name}`), 400, 'invalid_request');
      expectProblem(await bus.operator.put(`/v1/tenants/${name}`), 400, 'invalid_request');
    });

    it('tells upper from lower case', async () => {
      const name = freshName('Case');
      await makeTopic(bus.api, {}, name);
      expectProblem(await bus.api.get(`/v1/topics/${name.toLowerCase()}`), 404, 'topic_not_found');
    });

    it('takes a percent-encoded name as the same name', async () => {
      const name = freshName('dash');
      await makeTopic(bus.api, {}, name);
      expect(must(await bus.api.get(`/v1/topics/${name.replace('-', '%2D')}`), 200).json<TopicBody>().name).toBe(name);
    });
  });

  describe('requests and answers', () => {
    it('gives every answer another request id', async () => {
      const answers = [
        await bus.api.get('/v1/topics'),
        await bus.api.get('/v1/topics/nothing-here'),
        await bus.anonymous.get('/v1/topics'),
        await bus.api.get('/v1/nowhere'),
        await bus.api.send('PATCH', '/v1/topics'),
        await bus.anonymous.get('/openapi.json'),
      ];
      const ids = answers.map((answer) => answer.headers['chasqui-request-id']);
      for (const id of ids) expect(id).toMatch(/^\S{8,}$/);
      expect(new Set(ids).size).toBe(ids.length);
    });

    it('takes the scheme of the authorization in any case, as HTTP has it', async () => {
      must(await bus.anonymous.get('/v1/topics', { authorization: `bearer ${bus.key}` }), 200);
      must(await bus.anonymous.get('/v1/topics', { authorization: `BEARER ${bus.key}` }), 200);
    });

    it('takes a trace along and does not stumble over a broken one', async () => {
      const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
      const answer = must(await bus.api.get('/v1/topics', { traceparent }), 200);
      const passedOn = answer.headers['traceparent'];
      if (passedOn !== undefined) expect(passedOn).toContain('4bf92f3577b34da6a3ce929d0e0e4736');
      must(await bus.api.get('/v1/topics', { traceparent: 'no trace at all' }), 200);
    });

    it('shows offsets, counts and timestamps as integers and metadata times as RFC 3339', async () => {
      const topic = await makeTopic(bus.api);
      expect(topic.createdAt).toMatch(RFC_3339);
      expect(Math.abs(Date.parse(topic.createdAt) - Date.now())).toBeLessThan(60_000);
      const [placed] = await produce(bus.api, topic.name, [{ value: 1 }]);
      expect(Number.isSafeInteger(placed?.timestamp)).toBe(true);
      expect(Number.isSafeInteger(placed?.offset)).toBe(true);
    });

    it('answers 204 without a body', async () => {
      const answer = must(await bus.api.delete(`/v1/topics/${await bus.topic()}`), 204);
      expect(answer.bytes.length).toBe(0);
      expect(answer.headers['chasqui-request-id']).toBeTruthy();
    });

    it('takes null for a field as if it were absent', async () => {
      const body = {
        partitions: null,
        retentionMs: null,
        retentionBytes: null,
        cleanupPolicy: null,
        writeQuorum: null,
      };
      const topic = await makeTopic(bus.api, { ...body, replicationFactor: null });
      expect(topic).toMatchObject({
        partitions: 1,
        retentionMs: 604_800_000,
        retentionBytes: -1,
        cleanupPolicy: 'delete',
      });
    });
  });

  describe('unknown query parameters', () => {
    const readable = routesOf(bus).filter(
      ({ methods, who, path }) => methods.includes('GET') && who !== 'operator' && !path.includes('{key}'),
    );
    it.each(readable)('are refused by GET $path', async ({ path }) => {
      const topic = await bus.topic();
      const filled = fillIn(path, { topic, partition: '0' });
      const problem = expectProblem(await bus.api.get(`${filled}?limitt=1`), 400, 'invalid_request');
      expect(problem.detail).toContain('limitt');
    });

    it('are refused by the routes that write', async () => {
      const topic = await bus.topic();
      expectProblem(await bus.api.put(`/v1/topics/${topic}?partitions=2`), 400, 'invalid_request');
      expectProblem(
        await bus.api.send('PATCH', `/v1/topics/${topic}?dryRun=true`, { json: {} }),
        400,
        'invalid_request',
      );
      expectProblem(await bus.api.delete(`/v1/topics/${topic}?force=true`), 400, 'invalid_request');
      expectProblem(
        await bus.api.post(`/v1/topics/${topic}/records?expectedOfset=0`, { records: [{}] }),
        400,
        'invalid_request',
      );
      expectProblem(await bus.api.post('/v1/keys?dry=1', { name: 'k', scopes: [] }), 400, 'invalid_request');
    });
  });
};
