import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { oneAfterAnother } from '../../../functions/local/one-after-another.ts';

const MIB = 1024 * 1024;

let server: Server;
let socket: Socket;
let begun: { readonly url: string | undefined; readonly outgoing: ServerResponse }[];
let arrived: number;
let changed: () => void;

beforeEach(async () => {
  begun = [];
  arrived = 0;
  changed = () => undefined;
  const { listener } = oneAfterAnother((incoming, outgoing) => {
    begun.push({ url: incoming.url, outgoing });
    incoming.resume();
    changed();
  });
  server = createServer((incoming, outgoing) => {
    arrived += 1;
    listener(incoming, outgoing);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
});

afterEach(async () => {
  socket.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const beginning = async (count: number): Promise<void> => {
  while (begun.length < count)
    await new Promise<void>((resolve) => {
      changed = resolve;
    });
};

const get = (path: number): string => `GET /${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

describe('oneAfterAnother', () => {
  it('begins a request when the answer before it has gone out', async () => {
    socket.write(get(0) + get(1) + get(2));
    for (const at of [0, 1, 2]) {
      await beginning(at + 1);
      expect(begun.map(({ url }) => url)).toEqual(Array.from({ length: at + 1 }, (_, n) => `/${n}`));
      begun[at]?.outgoing.end('done');
    }
  });

  // A client that sends on and on behind a long poll filled the memory: 1.5 GB after 24 MB of requests.
  it('takes no more from a connection than a few requests that wait', async () => {
    const flood = Buffer.from(get(0).repeat(1000));
    let sent = 0;
    while (sent < 16 * MIB && (socket.write(flood) || (await Promise.race([once(socket, 'drain'), sleep(1000)]))))
      sent += flood.length;
    expect(sent).toBeLessThan(16 * MIB);
    expect(arrived).toBeLessThan(10_000);
    expect(begun.length).toBe(1);
  });

  it('answers every one of them in order in the end, bodies too', async () => {
    const count = 5000;
    const post = (n: number): string => `POST /${n} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12345`;
    socket.resume();
    socket.write(Array.from({ length: count }, (_, n) => (n % 2 === 0 ? get(n) : post(n))).join(''));
    for (let at = 0; at < count; at++) {
      await beginning(at + 1);
      begun[at]?.outgoing.end('done');
    }
    expect(begun.map(({ url }) => url)).toEqual(Array.from({ length: count }, (_, n) => `/${n}`));
  });
});
