import { expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.ts';
import type { Chapter } from './bus-under-test.ts';

export const health: Chapter = (bus) => {
  it('answers ok and a version without a key', async () => {
    const answer = await bus.anonymous.get('/healthz');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.json()).toEqual({ status: 'ok', version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  });

  it('has a request id like every other answer', async () => {
    expect((await bus.anonymous.get('/healthz')).headers['chasqui-request-id']).toBeTruthy();
  });

  it('does not look at a key that comes along', async () => {
    expect((await bus.http.as('chq_forged').get('/healthz')).status).toBe(200);
  });

  it('refuses other methods', async () => {
    const answer = await bus.api.send('POST', '/healthz');
    expectProblem(answer, 405, 'method_not_allowed');
    expect(answer.headers['allow']).toContain('GET');
  });

  it('says nothing about other origins: CORS is off by default', async () => {
    const answer = await bus.anonymous.get('/healthz', { origin: 'https://example.org' });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    const preflight = await bus.anonymous.send('OPTIONS', '/v1/topics', {
      headers: { origin: 'https://example.org', 'access-control-request-method': 'GET' },
    });
    expect(preflight.status).toBeGreaterThanOrEqual(400);
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
  });
};
