import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { makeTopic } from '../support/bus.ts';
import { Http } from '../support/http.ts';
import { RawConnection } from '../support/raw-http.ts';
import { Seeded } from '../support/seeded.ts';
import { ServerProcess } from '../support/server-process.ts';
import { Ledger } from './ledger.ts';
import { Producer } from './producer.ts';

const PARTITIONS = 3;
describe('SIGTERM', () => {
  let server: ServerProcess;
  afterEach(() => server.cleanup());

  it('in the middle of everything: exit 0 in time, and every acknowledged record is there', async () => {
    server = await ServerProcess.start();
    const http = new Http(server.baseUrl, 400);
    const api = http.as(server.devKey);
    const { name: topic } = await makeTopic(api, { partitions: PARTITIONS });
    const { name: quiet } = await makeTopic(api);
    const ledger = new Ledger();
    const writers = Array.from(
      { length: 16 },
      (_, index) => new Producer(`w${index}`, topic, ledger, new Seeded(index)),
    );
    const writing = Promise.all(writers.map((writer) => writer.run(api, () => false)));
    const polls = Array.from({ length: 20 }, () =>
      api.get(`/v1/topics/${quiet}/partitions/0/records?waitMs=20000`).then(
        ({ status }) => status,
        () => 'closed',
      ),
    );
    await pause(500);
    await server.stop();
    await writing;
    for (const outcome of await Promise.all(polls)) expect([200, 503, 'closed']).toContain(outcome);
    expect(ledger.acknowledged).toBeGreaterThan(50);
    http.close();
    await server.restart();
    const anew = new Http(server.baseUrl);
    await Promise.all(writers.map((writer) => writer.retry(anew.as(server.devKey))));
    expect(await ledger.audit(anew.as(server.devKey), topic, PARTITIONS)).toEqual([]);
    anew.close();
  });

  it('finishes a request that is under way', async () => {
    server = await ServerProcess.start();
    const http = new Http(server.baseUrl);
    const { name: topic } = await makeTopic(http.as(server.devKey));
    const body = '{"records":[{"value":"under way"}]}';
    const connection = await RawConnection.open(server.baseUrl);
    const head = `POST /v1/topics/${topic}/records HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${server.devKey}\r\n`;
    await connection.write(
      `${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
    );
    await pause(100);
    const stopping = server.stop();
    await pause(100);
    await connection.write(body.slice(10));
    expect((await connection.read()).status).toBe(200);
    await stopping;
    http.close();
  });

  it('is not held up by idle connections, half requests and readers that do not read', async () => {
    server = await ServerProcess.start();
    const idle = await Promise.all(Array.from({ length: 30 }, () => RawConnection.open(server.baseUrl)));
    await Promise.all(
      idle.map((one, index) =>
        one.write(
          index % 2 === 0 ? '' : 'POST /v1/topics/x/records HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{',
        ),
      ),
    );
    await pause(100);
    await server.stop();
    for (const one of idle) one.destroy();
  });

  it('takes no new request while it ends', async () => {
    server = await ServerProcess.start();
    const { baseUrl } = server;
    await server.stop();
    await expect(fetch(`${baseUrl}/healthz`)).rejects.toThrow();
  });

  it('and SIGINT, which Ctrl-C sends, mean the same', async () => {
    server = await ServerProcess.start();
    server.running.signal('SIGINT');
    const exit = await server.running.exited;
    expect(exit.code).toBe(0);
    expect(exit.output).not.toMatch(/Error|at /);
  });
});
