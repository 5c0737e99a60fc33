import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createListener } from '../../../functions/local/listener.ts';
import { ByteBudget } from '../../../shared/http/byte-budget.ts';
import { keyFor, memoryService, wholeApp } from '../../support/memory-service.ts';

const serve = async (budgets: { bodies?: ByteBudget; answers?: ByteBudget }) => {
  const service = memoryService(budgets);
  const app = wholeApp(service);
  const { key } = await keyFor(app, 'acme');
  const other = await keyFor(app, 'globex');
  const server = createServer(createListener(service)).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/v1/topics/t`;
  const headers = { authorization: `Bearer ${key}` };
  const othersHeaders = { authorization: `Bearer ${other.key}` };
  for (const each of [headers, othersHeaders]) await fetch(url, { method: 'PUT', headers: each });
  const post = (bytes: number, by: Record<string, string>) =>
    fetch(`${url}/records`, { method: 'POST', headers: by, body: new Uint8Array(bytes) });
  const produce = (bytes: number) => post(bytes, headers);
  const produceAsOther = (bytes: number) => post(bytes, othersHeaders);
  const read = () => fetch(`${url}/partitions/0/records`, { headers });
  return { port, key, produce, produceAsOther, read };
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

  it('leaves the others a part that no single owner can hold', () => {
    const budget = new ByteBudget(10, 7);
    const [one, again, other] = [budget.lease('acme'), budget.lease('acme'), budget.lease('globex')];
    one.take(5);
    expect(() => again.take(3)).toThrow(expect.objectContaining({ code: 'unavailable' }));
    again.take(2);
    other.take(3);
    expect(() => other.take(1)).toThrow();
    one.end();
    again.end();
    budget.lease('acme').take(7);
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

  // A tenant whose clients send the most of their bodies and then nothing kept every other tenant from producing, for two minutes.
  it('is not held up by another tenant that holds all that one may', async () => {
    const { port, key, produce, produceAsOther } = await serve({ bodies: new ByteBudget(100_000, 75_000) });
    const slow = await sendPart(port, key, 90_000, 70_000);
    expect((await produce(20_000)).status).toBe(503);
    expect((await produceAsOther(20_000)).status).toBe(200);
    slow.destroy();
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
