import { once } from 'node:events';
import http from 'node:http';
import { text } from 'node:stream/consumers';

export interface Call {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Connections that are kept, and cost less time of their own than `fetch`. */
export const keptConnections = (): http.Agent => new http.Agent({ keepAlive: true });

/** One request, which has to succeed; answers its body. */
export const call = async (agent: http.Agent, url: string, { method, headers, body = '' }: Call): Promise<string> => {
  const length = String(Buffer.byteLength(body));
  const request = http.request(url, { method, agent, headers: { ...headers, 'content-length': length } });
  const answered = once(request, 'response') as Promise<[http.IncomingMessage]>;
  request.end(body);
  const [answer] = await answered;
  const said = await text(answer);
  if ((answer.statusCode ?? 0) >= 300) throw new Error(`${method} ${url}: ${answer.statusCode} ${said}`);
  return said;
};
