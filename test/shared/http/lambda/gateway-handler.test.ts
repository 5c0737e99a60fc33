import { gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { EdgeEnv } from '../../../../shared/http/edge-request.ts';
import type { GatewayEvent } from '../../../../shared/http/lambda/gateway-event.ts';
import { gatewayHandler, type Remembered } from '../../../../shared/http/lambda/gateway-handler.ts';
import { pathOf } from '../../../../shared/http/path.ts';

const context = { getRemainingTimeInMillis: () => 29_000 };
const nothing: Remembered = { uses: 0, forget: () => undefined };

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
  const handle = gatewayHandler(echo(), { remembered: nothing });

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
    const stale = gatewayHandler(app, { remembered });
    expect((await stale(event(), context)).statusCode).toBe(200);
    expect(forgotten).toBe(1);
    const honest = gatewayHandler(
      new Hono<EdgeEnv>().all('*', (c) => c.text('', 404)),
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
    const result = await gatewayHandler(app, { remembered: nothing })(event({ method: 'GET' }), {
      getRemainingTimeInMillis: () => 2001,
    });
    expect(Buffer.from(result.body, 'base64').toString()).toBe('in time');
  });
});
