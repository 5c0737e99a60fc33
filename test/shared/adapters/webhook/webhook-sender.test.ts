import { createServer, type RequestListener, type Server } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Address } from '../../../../shared/adapters/webhook/resolve-checked.ts';
import { createWebhookSender } from '../../../../shared/adapters/webhook/webhook-sender.ts';
import type { WebhookRequest } from '../../../../shared/ports/webhook-sender.ts';
import { REFUSED } from './refused-addresses.ts';

const PUBLIC: Address = { address: '93.184.216.34', family: 4 };
const LOOPBACK: Address = { address: '127.0.0.1', family: 4 };

const servers: Server[] = [];
const sockets: net.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
  for (const server of sockets.splice(0)) server.close();
});

const serve = async (listener: RequestListener): Promise<number> => {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

/** Says this to whoever connects and asks, whatever it is. */
const serveBytes = async (bytes: string): Promise<number> => {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(bytes));
  });
  sockets.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

const post = (url: string, more: Partial<WebhookRequest> = {}): WebhookRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'text/plain' },
  body: Buffer.from('hello'),
  timeoutMs: 2000,
  ...more,
});

/** Answers each question from a list, the last one for ever; counts them. */
const resolverOf = (...answers: Address[][]) => {
  const resolver = {
    asked: 0,
    resolve: async (): Promise<Address[]> => answers[Math.min(resolver.asked++, answers.length - 1)] ?? [],
  };
  return resolver;
};

describe('addresses that are not public', () => {
  it('are a table of more than 60', () => {
    expect(REFUSED.length).toBeGreaterThan(60);
    expect(new Set(REFUSED.map(([, url]) => url)).size).toBe(REFUSED.length);
  });

  it.each(REFUSED)('are refused at set-up and at the connection: %s', async (_, url) => {
    const { resolve } = resolverOf([PUBLIC]);
    const sender = createWebhookSender({ allowPrivate: false, resolve });
    expect(await sender.inspect(url)).toMatch(/^must/);
    expect(await sender.send(post(url))).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/^the endpoint must/),
    });
  });

  it.each([
    'https://hooks.example.com/',
    'https://hooks.example.com:8443/a?b#c',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'https://bücher.example.com/',
    'https://internal.example.com/',
  ])('are not these: %s', async (url) => {
    const { resolve } = resolverOf([PUBLIC]);
    expect(await createWebhookSender({ allowPrivate: false, resolve }).inspect(url)).toBeUndefined();
  });
});

describe('names', () => {
  it('are refused where one of their addresses is not public', async () => {
    const { resolve } = resolverOf([PUBLIC, { address: '10.0.0.7', family: 4 }]);
    const sender = createWebhookSender({ allowPrivate: false, resolve });
    expect(await sender.inspect('https://two.example.com/')).toBe('must have public addresses only');
    expect(await sender.send(post('https://two.example.com/'))).toEqual({
      kind: 'failed',
      reason: 'the name has an address that is not public',
    });
  });

  it('are looked at again at every connection, so that rebinding gains nothing', async () => {
    let hits = 0;
    const port = await serve((_, answer) => {
      hits += 1;
      answer.end();
    });
    const resolver = resolverOf([PUBLIC], [LOOPBACK]);
    const sender = createWebhookSender({ allowPrivate: false, resolve: resolver.resolve });
    const url = `https://rebound.example.com:${port}/`;
    expect(await sender.inspect(url)).toBeUndefined();
    expect(await sender.send(post(url))).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/not public/) });
    expect([resolver.asked, hits]).toEqual([2, 0]);
  });

  it('are resolved once for a connection, which goes to the address that was checked', async () => {
    const port = await serve((request, answer) => answer.end(request.headers.host));
    const resolver = resolverOf([LOOPBACK], [{ address: '192.0.2.1', family: 4 }]);
    const sender = createWebhookSender({ allowPrivate: true, resolve: resolver.resolve });
    const answer = await sender.send(post(`http://once.example.com:${port}/`));
    expect(answer.kind === 'answered' && Buffer.from(answer.body).toString()).toBe(`once.example.com:${port}`);
    expect(resolver.asked).toBe(1);
  });

  it('that do not resolve now may be set, and fail when something is sent', async () => {
    const resolve = (): Promise<never> => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    const sender = createWebhookSender({ allowPrivate: false, resolve });
    expect(await sender.inspect('https://later.example.com/')).toBeUndefined();
    expect(await sender.send(post('https://later.example.com/'))).toEqual({
      kind: 'failed',
      reason: 'the name does not resolve',
    });
  });
});

describe('answers', () => {
  const sender = createWebhookSender({ allowPrivate: true });

  it('are given with status, headers and body', async () => {
    const port = await serve((_, answer) => answer.writeHead(429, { 'Retry-After': '7' }).end('later'));
    expect(await sender.send(post(`http://127.0.0.1:${port}/`))).toMatchObject({
      kind: 'answered',
      status: 429,
      headers: { 'retry-after': '7' },
      body: Buffer.from('later'),
    });
  });

  it('that redirect are not followed', async () => {
    let hits = 0;
    const port = await serve((_, answer) => {
      hits += 1;
      answer.writeHead(307, { Location: '/again' }).end();
    });
    expect(await sender.send(post(`http://127.0.0.1:${port}/`))).toMatchObject({ status: 307 });
    expect(hits).toBe(1);
  });

  it('are read up to 16 KB, and their status counts though they do not end', async () => {
    const port = await serve((_, answer) => {
      answer.writeHead(200);
      const more = (): void => {
        while (!answer.destroyed && answer.write(Buffer.alloc(4096, 0x61)));
      };
      answer.on('drain', more);
      more();
    });
    const answer = await sender.send(post(`http://127.0.0.1:${port}/`));
    expect(answer.kind === 'answered' && [answer.status, answer.body.length]).toEqual([200, 16_384]);
  });

  it('that do not come in time are failures that say so', async () => {
    const port = await serve(() => undefined);
    expect(await sender.send(post(`http://127.0.0.1:${port}/`, { timeoutMs: 100 }))).toEqual({
      kind: 'failed',
      reason: 'no answer within 100 ms',
    });
  });

  it('that do not come on a connection that was kept are not asked for twice', async () => {
    let hits = 0;
    const port = await serve((_, answer) => {
      hits += 1;
      if (hits === 1) answer.end();
    });
    const url = `http://127.0.0.1:${port}/`;
    expect(await sender.send(post(url))).toMatchObject({ kind: 'answered' });
    expect(await sender.send(post(url, { timeoutMs: 100 }))).toMatchObject({ kind: 'failed' });
    await sender.send(post(url, { timeoutMs: 100 }));
    expect(hits).toBe(3);
  });

  it('that break off before their status are failures', async () => {
    const port = await serve((request) => request.socket.destroy());
    expect(await sender.send(post(`http://127.0.0.1:${port}/`))).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/closed/),
    });
  });

  it.each([
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['headers that are too large', `HTTP/1.1 200 OK\r\nA: ${'a'.repeat(100_000)}\r\n\r\n`],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na'],
    ['only a promise', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ])('that are %s are failures', async (_, bytes) => {
    const port = await serveBytes(bytes);
    const answer = await sender.send(post(`http://127.0.0.1:${port}/`, { timeoutMs: 300 }));
    expect(answer.kind).toBe('failed');
  });

  it('are not waited for when the caller breaks off', async () => {
    const controller = new AbortController();
    const port = await serve(() => controller.abort(new Error('enough')));
    await expect(sender.send(post(`http://127.0.0.1:${port}/`), controller.signal)).rejects.toThrow('enough');
  });
});
