import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createListener } from '../../../functions/local/listener.ts';
import { ByteBudget } from '../../../shared/http/byte-budget.ts';
import { keyFor, memoryService, wholeApp } from '../../support/memory-service.ts';

const serve = async (budgets: { bodies?: ByteBudget; answers?: ByteBudget }) => {
  const service = memoryService(budgets);
  const { key } = await keyFor(wholeApp(service), 'acme');
  const server = createServer(createListener(service)).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/v1/topics/t`;
  const headers = { authorization: `Bearer ${key}` };
  await fetch(url, { method: 'PUT', headers });
  const produce = (bytes: number) => fetch(`${url}/records`, { method: 'POST', headers, body: new Uint8Array(bytes) });
  const read = () => fetch(`${url}/partitions/0/records`, { headers });
  return { port, key, produce, read };
};

/** Sends the head of a request and the first bytes of its body, and then nothing. */
const sendPart = async (port: number, key: string, declared: number, sent: number) => {
  const socket = connect(port, '127.0.0.1');
  const head = `POST /v1/topics/t/records HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-length: ${declared}\r\n\r\n`;
  socket.on('error', () => undefined).write(Buffer.concat([Buffer.from(head), Buffer.alloc(sent)]));
  await new Promise((resolve) => setTimeout(resolve, 100));
  return socket;
};

describe('ByteBudget', () => {
  it('counts what all leases hold, and takes back what has ended', () => {
    const budget = new ByteBudget(10);
    const [one, two] = [budget.lease(), budget.lease()];
    one.take(6);
    expect(() => two.take(5)).toThrow(expect.objectContaining({ code: 'unavailable', retryAfterSeconds: 1 }));
    two.take(4);
    one.end();
    one.end();
    two.take(6);
    expect(() => one.take(1)).toThrow();
  });

  it('refuses what does not fit beside others with 503, and takes it when they are done', async () => {
    const { port, key, produce } = await serve({ bodies: new ByteBudget(100_000) });
    const slow = await sendPart(port, key, 90_000, 60_000);
    const refused = await produce(80_000);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ code: 'unavailable', sideEffects: 'none', retryable: true });
    slow.destroy();
    await expect.poll(async () => (await produce(80_000)).status).toBe(200);
  });

  it('is not held up by clients that declare much and send little', async () => {
    const { port, key, produce } = await serve({ bodies: new ByteBudget(100_000) });
    for (let n = 0; n < 20; n++) await sendPart(port, key, 90_000, 10);
    expect((await produce(80_000)).status).toBe(200);
  });

  it('bounds the answers that have not gone out, and counts them no longer than that', async () => {
    const { port, key, produce, read } = await serve({ answers: new ByteBudget(2_000_000) });
    const statusOf = async () => (await read()).status;
    await produce(1_000_000);
    for (let n = 0; n < 5; n++) await expect.poll(statusOf).toBe(200);
    // An answer is 1.4 MB, so one fits; a reader that does not read keeps it, whatever the kernel takes off it at first.
    const stalled = connect(port, '127.0.0.1').pause();
    stalled.on('error', () => undefined);
    const request = `GET /v1/topics/t/partitions/0/records HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n\r\n`;
    const refused = async () => {
      stalled.write(request);
      return statusOf();
    };
    await expect.poll(refused, { timeout: 10_000 }).toBe(503);
    stalled.destroy();
    await expect.poll(statusOf).toBe(200);
  });
});
