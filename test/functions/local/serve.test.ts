import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpServer } from '../../../functions/local/http-server.ts';
import { type Running, serve } from '../../../functions/local/serve.ts';
import type { Config } from '../../../shared/runtime/config.ts';
import { MemoryLog } from '../../support/memory-service.ts';

let folder: string;
let running: Running[] = [];

class Log extends MemoryLog {
  flush(): void {}
}

const configOf = (other: Partial<Config> = {}): Config => ({
  host: '127.0.0.1',
  port: 0,
  dataFolder: join(folder, 'data'),
  zones: undefined,
  operatorKey: 'operator',
  logLevel: 'info',
  allowPrivateEndpoints: false,
  corsOrigins: [],
  ...other,
});

const start = async (other: Partial<Config> = {}): Promise<Running> => {
  const server = await serve(configOf(other), new Log());
  running.push(server);
  return server;
};

const stopAll = async (): Promise<void> => {
  for (const server of running) await server.stop();
  running = [];
};

const devKeyOf = ({ greeting }: Running): string => /^dev key: (\S+)$/m.exec(greeting)?.[1] ?? '';

const call = (server: Running, method: string, path: string, body?: string) =>
  fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${devKeyOf(server)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body }),
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chasqui-serve-'));
});
afterEach(async () => {
  await stopAll();
  await rm(folder, { recursive: true, force: true });
});

describe('a connection that cannot be accepted', () => {
  it('does not end the server', async () => {
    const http = new HttpServer();
    await http.listen('127.0.0.1', 0);
    for (let n = 0; n < 3; n++) http.server.emit('error', new Error('accept ENFILE'));
    http.server.close();
  });
});

describe('the greeting', () => {
  it('shows the keys alone behind their labels, and curl lines that have them', async () => {
    const { greeting, url } = await start({ operatorKey: undefined });
    expect(greeting).toMatch(/^operator key: chq__operator_\S+$/m);
    expect(greeting).toMatch(/^tenant: dev$/m);
    expect(greeting).toMatch(/^dev key: chq_dev_\S+$/m);
    expect(greeting.match(/^curl .+$/gm)).toHaveLength(3);
    expect(greeting).toContain(url);
  });

  it('never shows an operator key that was configured', async () => {
    expect((await start({ operatorKey: 'configured-elsewhere' })).greeting).not.toContain('configured-elsewhere');
  });

  it('shows an operator key that is made later, once', async () => {
    await (await start()).greeted();
    await stopAll();
    const second = await start({ operatorKey: undefined });
    expect(second.greeting).toMatch(/^Chasqui listens on \S+\noperator key: chq__operator_\S+\n$/);
    await stopAll();
    expect((await start({ operatorKey: undefined })).greeting).not.toContain('operator key');
  });

  it('is shown again until it was shown, with a key that works, and then no more', async () => {
    await start();
    await stopAll();
    const second = await start();
    expect((await call(second, 'GET', '/v1/whoami')).status).toBe(200);
    await second.greeted();
    await stopAll();
    const third = await start();
    expect(third.greeting).toBe(`Chasqui listens on ${third.url}\n`);
  });
});

describe('a port that is taken', () => {
  let other: Server;
  let port: number;
  beforeEach(async () => {
    other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const address = other.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterEach(() => new Promise((done) => other.close(done)));

  it('is said in one line, before the folder was touched', async () => {
    await expect(start({ port })).rejects.toThrow(new RegExp(`^Port ${port} on 127.0.0.1 is taken\\.[^\\n]*$`));
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a folder that is in use', () => {
  it('is said in one line, gives the port free, and disturbs nobody', async () => {
    const first = await start();
    await expect(start()).rejects.toMatchObject({ name: 'StartError', message: expect.stringMatching(/^[^\n]+$/) });
    expect((await call(first, 'GET', '/v1/whoami')).status).toBe(200);
  });
});

describe('stop', () => {
  it('ends a long poll at once, with the empty answer that it would have given', async () => {
    const server = await start();
    await call(server, 'PUT', '/v1/topics/t');
    const path = '/v1/topics/t/partitions/0/records?waitMs=20000';
    const polls = [call(server, 'GET', path), call(server, 'GET', '/v1/topics/t/records?waitMs=20000')];
    await call(server, 'GET', '/v1/topics');
    const since = Date.now();
    await stopAll();
    const answers = await Promise.all(polls);
    expect(Date.now() - since).toBeLessThan(2000);
    for (const answer of answers) {
      expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
      expect(((await answer.json()) as { records: unknown }).records).toEqual([]);
    }
  });

  it('keeps what was stored for the next start', async () => {
    const server = await start();
    await call(server, 'PUT', '/v1/topics/t');
    const body = '{"records":[{"value":"kept"}]}';
    expect((await call(server, 'POST', '/v1/topics/t/records', body)).status).toBe(200);
    await stopAll();
    const next = await start();
    expect(await (await call(next, 'GET', '/v1/topics/t/records')).text()).toContain('"kept"');
  });
});
