import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Running, serve } from '../../../functions/local/serve.ts';
import { MemoryLog } from '../../support/memory-service.ts';

const PAGE = 'https://app.example';
const OTHER = 'https://evil.example';
const PREFLIGHT = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization, chasqui-header-trace',
};

class Log extends MemoryLog {
  flush(): void {}
}

let folder: string;
let running: Running;

const start = async (corsOrigins: readonly string[]): Promise<void> => {
  running = await serve(
    {
      host: '127.0.0.1',
      port: 0,
      dataFolder: join(folder, 'data'),
      zones: undefined,
      operatorKey: 'operator',
      logLevel: 'error',
      allowPrivateEndpoints: false,
      corsOrigins,
    },
    new Log(),
  );
};

/** Not `fetch`'s own idea of CORS: Node has none, and lets these headers be sent. */
const ask = (origin: string, path: string, method = 'GET', headers: Record<string, string> = {}): Promise<Response> =>
  fetch(running.url + path, { method, headers: { origin, authorization: 'Bearer operator', ...headers } });

const allowed = (answer: Response): string | null => answer.headers.get('access-control-allow-origin');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chasqui-cors-'));
});
afterEach(async () => {
  await running.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('CORS', () => {
  it('is off unless it is configured', async () => {
    await start([]);
    const answer = await ask(PAGE, '/v1/whoami');
    expect([...answer.headers.keys()].filter((name) => /^access-control|^vary$/.test(name))).toEqual([]);
    expect((await ask(PAGE, '/v1/whoami', 'OPTIONS', PREFLIGHT)).status).toBe(405);
  });

  it('lets scripts of a named origin read answers and their headers, errors too', async () => {
    await start([PAGE, 'http://localhost:8080']);
    for (const path of ['/v1/whoami', '/healthz', '/v1/nowhere', '/v1/topics/x/stream']) {
      const answer = await ask(PAGE, path);
      expect(allowed(answer)).toBe(PAGE);
      expect(answer.headers.get('vary')).toBe('Origin');
      expect(answer.headers.get('access-control-expose-headers')).toContain('Chasqui-Request-Id');
      expect(answer.headers.get('content-type')).toMatch(/json/);
    }
  });

  it('answers the preflight of a named origin without a key', async () => {
    await start([PAGE]);
    const answer = await ask(PAGE, '/v1/topics/orders/records', 'OPTIONS', { ...PREFLIGHT, authorization: '' });
    expect(answer.status).toBe(204);
    expect(allowed(answer)).toBe(PAGE);
    expect(answer.headers.get('access-control-allow-methods')).toContain('PUT');
    expect(answer.headers.get('access-control-allow-headers')).toBe(PREFLIGHT['access-control-request-headers']);
    expect(Number(answer.headers.get('access-control-max-age'))).toBeGreaterThan(0);
    expect(answer.headers.get('chasqui-request-id')).toEqual(expect.any(String));
  });

  it('does nothing for other origins, but that caches are told', async () => {
    await start([PAGE]);
    for (const origin of [OTHER, `${PAGE}.evil.example`, 'null', PAGE.toUpperCase()]) {
      const answer = await ask(origin, '/v1/whoami');
      expect([answer.status, allowed(answer), answer.headers.get('vary')]).toEqual([200, null, 'Origin']);
      expect((await ask(origin, '/v1/whoami', 'OPTIONS', PREFLIGHT)).status).toBe(405);
    }
  });

  it('takes an asterisk for every origin', async () => {
    await start(['*']);
    expect(allowed(await ask(OTHER, '/v1/whoami'))).toBe('*');
    expect((await ask(OTHER, '/v1/whoami', 'OPTIONS', PREFLIGHT)).status).toBe(204);
  });
});
