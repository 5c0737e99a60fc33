import http, { type ClientRequest } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { WebhookAnswer, WebhookRequest } from '../../ports/webhook-sender.ts';
import type { Limit } from './limit.ts';
import { readAnswer } from './read-answer.ts';

export interface Agents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

class ConnectionClosedError extends Error {
  readonly code = 'ECONNRESET';
}

/** One request to an address that `lookup` has checked. Rejects with what went wrong, as Node says it. */
export const guardedRequest = (
  { method, headers, body }: WebhookRequest,
  url: URL,
  agents: Agents,
  lookup: LookupFunction,
  limit: Limit,
): Promise<WebhookAnswer> =>
  new Promise((resolve, reject) => {
    const options = { method, headers: { ...headers, 'content-length': String(body.length) }, lookup };
    const request: ClientRequest =
      url.protocol === 'https:'
        ? https.request(url, { ...options, agent: agents.https })
        : http.request(url, { ...options, agent: agents.http });
    let isOver = false;
    request.once('response', (incoming) => {
      isOver = true;
      resolve(readAnswer(incoming));
    });
    request.on('error', (error) => {
      isOver = true;
      reject(Object.assign(error, { reused: request.reusedSocket }));
    });
    // Neither an answer nor an error: it wants to speak another protocol (101). An error that nobody needs costs a thirtieth of a request.
    request.once('close', () => {
      if (!isOver) reject(new ConnectionClosedError());
    });
    limit.onReached(() => request.destroy());
    request.end(body);
  });
