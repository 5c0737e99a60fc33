import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Whether it was taken; what was not comes again. */
type Take = (delivery: Delivery) => Promise<boolean>;

interface PushReceiver {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const ACCEPTED = 204;
const REFUSED = 401;
const FAILED = 500;

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
};

const answer = async (request: IncomingMessage, response: ServerResponse, take: Take): Promise<void> => {
  const taken = await take({ headers: request.headers, body: await readBody(request) });
  response.writeHead(taken ? ACCEPTED : REFUSED).end();
};

/** An endpoint for the bus to deliver to, on a free port of loopback. */
export const startReceiver = async (take: Take): Promise<PushReceiver> => {
  const server = createServer((request, response) => {
    answer(request, response, take).catch(() => response.writeHead(FAILED).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/flights`, stop };
};
