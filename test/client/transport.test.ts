import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiError } from '../../client/api-error.ts';
import { createClient } from '../../client/client.ts';
import { fakeFetch, json, problem } from './fake-fetch.ts';

const failureOf = async (promise: Promise<unknown>): Promise<ApiError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error(`Not an ApiError: ${String(error)}`);
  return error;
};

const clientOver = (answer: Response | Error) =>
  createClient({ url: 'http://bus.test', key: 'k', fetch: fakeFetch(answer).fetch });

describe('errors of the transport', () => {
  it('carry everything that a problem document says', async () => {
    const errors = [{ path: 'offset', message: 'is too high' }];
    const more = { retryable: true, sideEffects: 'possible', errors, highWatermark: 12 };
    const answer = problem(416, 'offset_out_of_range', more, { 'retry-after': '2' });
    const error = await failureOf(clientOver(answer).topics.get('t'));
    expect(error).toMatchObject({
      code: 'offset_out_of_range',
      status: 416,
      detail: 'It is offset_out_of_range.',
      retryable: true,
      sideEffects: 'possible',
      requestId: 'req-1',
      retryAfterMs: 2000,
      errors,
    });
    expect(error.problem['highWatermark']).toBe(12);
  });

  it.each([
    [404, false, 'none'],
    [502, true, 'possible'],
    [301, false, 'none'],
  ])('guess with care what a stranger’s %i means', async (status, retryable, sideEffects) => {
    const answer = new Response('<html>', { status, headers: { location: 'http://elsewhere.test' } });
    const error = await failureOf(clientOver(answer).topics.get('t'));
    expect(error).toMatchObject({ code: 'unexpected_answer', status, retryable, sideEffects });
  });

  it('say so when a success is not an answer of Chasqui', async () => {
    const page = new Response('<html>Please log in', { headers: { 'content-type': 'text/html' } });
    expect(await failureOf(clientOver(page).whoami())).toMatchObject({ code: 'unexpected_answer', retryable: false });
    expect(await failureOf(clientOver(page).fetchTopicLines('t'))).toMatchObject({ code: 'unexpected_answer' });
  });

  it('tell reads from writes when the connection breaks off', async () => {
    const client = clientOver(new TypeError('terminated'));
    const read = await failureOf(client.topics.get('t'));
    expect(read).toMatchObject({ code: 'connection_failed', status: 0, sideEffects: 'none', repeatable: true });
    const write = await failureOf(client.produce('t', [{ value: 1 }]));
    expect(write).toMatchObject({ code: 'connection_failed', sideEffects: 'possible', repeatable: false });
    const guarded = await failureOf(client.produce('t', [{ value: 1 }], { idempotencyKey: 'once' }));
    expect(guarded).toMatchObject({ sideEffects: 'possible', repeatable: true });
  });

  it('do not contain the key', async () => {
    const fetch = fakeFetch(new TypeError('failed')).fetch;
    const error = await failureOf(createClient({ url: 'http://bus.test', key: 'chq_hidden', fetch }).whoami());
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain('chq_hidden');
  });

  it('are the reason of the signal when the caller gives up', async () => {
    const reason = new Error('enough');
    const client = clientOver(json({}));
    const call = client.fetchTopic('t', { signal: AbortSignal.abort(reason) });
    await expect(call).rejects.toBe(reason);
  });
});

describe('the transport over a socket', () => {
  const server = createServer();
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const listen = () =>
    new Promise<string>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    });

  it('gives up on an answer that does not come, and knows that nothing answers at a closed port', async () => {
    const url = await listen();
    const slow = createClient({ url, key: 'k', timeoutMs: 50 });
    expect(await failureOf(slow.produce('t', []))).toMatchObject({ code: 'no_answer', sideEffects: 'possible' });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const refused = await failureOf(slow.produce('t', []));
    expect(refused).toMatchObject({ code: 'connection_failed', sideEffects: 'none', retryable: true });
  });
});
