import { gunzipSync, gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { describe, expect, it, vi } from 'vitest';
import { Drain } from '../../../../shared/http/drain.ts';
import type { EdgeEnv } from '../../../../shared/http/edge-request.ts';
import type { GatewayEvent } from '../../../../shared/http/lambda/gateway-event.ts';
import { gatewayHandler, type OperatorKey, type Remembered } from '../../../../shared/http/lambda/gateway-handler.ts';
import { pathOf } from '../../../../shared/http/path.ts';

const context = { getRemainingTimeInMillis: () => 29_000 };
const nothing: Remembered = { uses: 0, forget: () => undefined };
const known = { known: true, refresh: () => Promise.resolve() };
const handlerOf = (
  app: Hono<EdgeEnv>,
  service: { remembered?: Remembered; operatorKey?: OperatorKey; drain?: Drain },
) => gatewayHandler(app, { remembered: nothing, operatorKey: known, drain: new Drain(), ...service });
const answering = (answer: () => Response | Promise<Response>) => new Hono<EdgeEnv>().all('*', answer);

const event = (overrides: Partial<GatewayEvent> & { method?: string } = {}): GatewayEvent => ({
  rawPath: '/echo',
  rawQueryString: '',
  headers: {},
  requestContext: { http: { method: overrides.method ?? 'POST' } },
  ...overrides,
});

/** Answers the bytes of the request's body, and what else it saw in headers. */
const echo = (): Hono<EdgeEnv> => {
  const app = new Hono<EdgeEnv>({ getPath: pathOf });
  app.onError((error) => new Response(String((error as { code?: string }).code), { status: 400 }));
  app.all('*', async (c) => {
    const bytes = await c.req.arrayBuffer();
    return new Response(bytes, { headers: { 'x-path': c.req.path, 'x-target': c.env.target ?? '' } });
  });
  return app;
};

describe('gatewayHandler', () => {
  const handle = handlerOf(echo(), {});

  it('decodes base64 bodies and answers bytes as base64', async () => {
    const bytes = Buffer.from([0, 255, 128, 10]);
    const result = await handle(event({ body: bytes.toString('base64'), isBase64Encoded: true }), context);
    expect(result.isBase64Encoded).toBe(true);
    expect(Buffer.from(result.body, 'base64')).toEqual(bytes);
  });

  it('puts back what the gateway decoded, so that a question mark in the path is no query', async () => {
    const result = await handle(event({ rawPath: '/a?b c/ü%25', rawQueryString: 'x=%20' }), context);
    expect(result.headers['x-target']).toBe('/a%3Fb%20c/%C3%BC%25?x=%20');
  });

  it('does not resolve dots in the path', async () => {
    const result = await handle(event({ rawPath: '/v1/topics/../tenants' }), context);
    expect(result.headers['x-path']).toBe('/v1/topics/../tenants');
  });

  it('refuses a text whose bytes the gateway replaced, and takes one that it did not', async () => {
    const sent = Buffer.from([0x22, 0xff, 0x22]);
    const headers = { 'content-type': 'application/json', 'content-length': String(sent.length) };
    const altered = await handle(event({ headers, body: sent.toString('utf8') }), context);
    expect(Buffer.from(altered.body, 'base64').toString()).toBe('invalid_json');
    const intact = await handle(event({ headers: { ...headers, 'content-length': '4' }, body: '"é"' }), context);
    expect(Buffer.from(intact.body, 'base64').toString()).toBe('"é"');
  });

  it('says what to do about a compressed body that came as text', async () => {
    const sent = gzipSync('{}');
    const headers = {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'content-length': String(sent.length),
    };
    const result = await handle(event({ headers, body: sent.toString('utf8') }), context);
    expect(Buffer.from(result.body, 'base64').toString()).toBe('unsupported_media_type');
  });

  it('refuses a long address and long headers as the embedded server does', async () => {
    const long = await handle(event({ rawPath: `/${'x'.repeat(9000)}` }), context);
    expect(long.statusCode).toBe(414);
    expect(JSON.parse(long.body)).toMatchObject({ code: 'uri_too_long', sideEffects: 'none' });
    const headers = await handle(event({ headers: { a: 'x'.repeat(17_000) } }), context);
    expect(headers.statusCode).toBe(431);
  });

  it('asks again without its memory where a refusal may rest on it, and only then', async () => {
    const topics = new Set(['old']);
    let uses = 0;
    let forgotten = 0;
    const app = new Hono<EdgeEnv>();
    app.all('*', (c) => {
      uses += topics.has('old') ? 1 : 0;
      return c.text('', topics.has('old') ? 404 : 200);
    });
    const forget = () => {
      forgotten += 1;
      topics.clear();
    };
    const remembered = {
      get uses() {
        return uses;
      },
      forget,
    };
    const stale = handlerOf(app, { remembered });
    expect((await stale(event(), context)).statusCode).toBe(200);
    expect(forgotten).toBe(1);
    const honest = handlerOf(
      answering(() => new Response('', { status: 404 })),
      { remembered },
    );
    expect((await honest(event(), context)).statusCode).toBe(404);
    expect(forgotten).toBe(1);
  });

  it('ends waits before the function is ended', async () => {
    const app = new Hono<EdgeEnv>();
    app.all('*', (c) => {
      const { signal } = c.req.raw;
      return new Promise<Response>((resolve) =>
        signal.addEventListener('abort', () => resolve(new Response('in time'))),
      );
    });
    const result = await handlerOf(app, {})(event({ method: 'GET' }), {
      getRemainingTimeInMillis: () => 2001,
    });
    expect(Buffer.from(result.body, 'base64').toString()).toBe('in time');
  });

  it('ends waits before the gateway gives up, however long the function itself may take', async () => {
    vi.useFakeTimers();
    try {
      let aborted = false;
      const waiting = new Hono<EdgeEnv>().all('*', (c) => {
        c.req.raw.signal.addEventListener('abort', () => {
          aborted = true;
        });
        return new Promise<Response>(() => undefined);
      });
      const result = handlerOf(waiting, {})(event(), { getRemainingTimeInMillis: () => 900_000 });
      await vi.advanceTimersByTimeAsync(26_000);
      expect(aborted).toBe(false);
      await vi.advanceTimersByTimeAsync(3000);
      expect(aborted).toBe(true);
      expect((await result).statusCode).toBe(504);
    } finally {
      vi.useRealTimers();
    }
  });

  it('answers by itself when nothing else does, and says whether anything may have happened', async () => {
    const never = answering(() => new Promise<Response>(() => undefined));
    const soon = { getRemainingTimeInMillis: () => 1001 };
    const drain = new Drain();
    const asked = await handlerOf(never, { drain })(event({ method: 'GET' }), soon);
    expect([asked.statusCode, JSON.parse(asked.body)]).toMatchObject([504, { code: 'timeout', sideEffects: 'none' }]);
    const written = await handlerOf(never, { drain })(event({ method: 'POST' }), soon);
    expect(JSON.parse(written.body)).toMatchObject({ code: 'timeout', sideEffects: 'possible', retryable: true });
    await drain.start();
  });

  it('reads the operator key again before it refuses a caller whom it cannot know', async () => {
    let isKnown = false;
    const reading = (works: boolean): OperatorKey => ({
      get known() {
        return isKnown;
      },
      refresh: async () => {
        isKnown = works;
      },
    });
    const app = answering(() => new Response('', { status: isKnown ? 200 : 401 }));
    const failed = await handlerOf(app, { operatorKey: reading(false) })(event(), context);
    expect(failed.statusCode).toBe(503);
    expect(JSON.parse(failed.body)).toMatchObject({ code: 'unavailable', retryable: true, sideEffects: 'none' });
    expect((await handlerOf(app, { operatorKey: reading(true) })(event(), context)).statusCode).toBe(200);
  });

  it('refuses a stranger at once where the operator key is known', async () => {
    const refresh = () => Promise.reject(new Error('asked'));
    const handle401 = handlerOf(
      answering(() => new Response('', { status: 401 })),
      { operatorKey: { known: true, refresh } },
    );
    expect((await handle401(event(), context)).statusCode).toBe(401);
  });

  it('squeezes an answer that Lambda would not take, and leaves the largest that it takes', async () => {
    const answerOf = (length: number) =>
      handlerOf(
        answering(() => new Response('x'.repeat(length), { headers: { 'content-type': 'application/json' } })),
        {},
      )(event(), context);
    const large = await answerOf(4_600_000);
    expect(large.headers['content-encoding']).toBeUndefined();
    expect(JSON.stringify(large).length).toBeLessThan(6 * 1024 * 1024);
    const larger = await answerOf(6_400_000);
    expect(larger.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(Buffer.from(larger.body, 'base64'))).toHaveLength(6_400_000);
  });

  it('lets a process that has to end answer first', async () => {
    const drain = new Drain();
    let answer = (_: Response): void => undefined;
    const app = answering(() => new Promise<Response>((resolve) => (answer = resolve)));
    const result = handlerOf(app, { drain })(event(), context);
    let ended = false;
    const end = drain.start().then(() => {
      ended = true;
    });
    await Promise.resolve();
    expect(ended).toBe(false);
    answer(new Response('done'));
    expect((await result).statusCode).toBe(200);
    await end;
  });
});
