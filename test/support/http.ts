import { Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

export interface Call {
  /** Sent as `application/json`, unless `headers` say otherwise. */
  readonly json?: unknown;
  /** Sent as it is, without a content type of its own. */
  readonly body?: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Sends the body in chunks of this size, and does not say how long it is. */
  readonly chunkBytes?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  json<Body>(): Body;
}

const toAnswer = (message: IncomingMessage, bytes: Buffer): Answer => {
  const text = bytes.toString('utf8');
  return {
    status: message.statusCode ?? 0,
    headers: message.headers,
    bytes,
    text,
    json: <Body>() => JSON.parse(text) as Body,
  };
};

const readAnswer = (message: IncomingMessage, done: (answer: Answer) => void, fail: (error: Error) => void): void => {
  const chunks: Buffer[] = [];
  message.on('data', (chunk: Buffer) => chunks.push(chunk));
  message.on('end', () => done(toAnswer(message, Buffer.concat(chunks))));
  message.on('error', fail);
};

const bodyOf = (call: Call): Uint8Array | string | undefined =>
  call.json === undefined ? call.body : JSON.stringify(call.json);

const sendBody = (sent: ClientRequest, body: Uint8Array | string | undefined, chunkBytes: number): void => {
  const bytes = Buffer.from(body ?? '');
  for (let start = 0; chunkBytes > 0 && start < bytes.length; start += chunkBytes) {
    sent.write(bytes.subarray(start, start + chunkBytes));
  }
  if (chunkBytes > 0 || body === undefined) sent.end();
  else sent.end(body);
};

/** Plain node:http with connections that stay open: adds no header of its own, unlike `fetch`, and is quick enough to load a server. */
export class Http {
  readonly baseUrl: string;
  readonly #host: { readonly hostname: string; readonly port: string };
  /** Where the API is not at the root of its server: an emulator's many APIs share one. */
  readonly #prefix: string;
  readonly #agent: Agent;
  /** Long polls do not keep others waiting for a connection. */
  readonly #waiting = new Agent({ keepAlive: true });

  constructor(baseUrl: string, maxSockets = 128) {
    this.baseUrl = baseUrl;
    const { hostname, port, pathname } = new URL(baseUrl);
    this.#host = { hostname: hostname.replace(/^\[|\]$/g, ''), port };
    this.#prefix = pathname.replace(/\/$/, '');
    this.#agent = new Agent({ keepAlive: true, maxSockets });
  }

  send(method: string, path: string, call: Call = {}): Promise<Answer> {
    const body = bodyOf(call);
    const headers: Record<string, string | number> = { ...call.headers };
    if (call.json !== undefined && headers['content-type'] === undefined) headers['content-type'] = 'application/json';
    if (body !== undefined && call.chunkBytes === undefined) headers['content-length'] ??= Buffer.byteLength(body);
    // The path goes as it is: a URL parser would resolve `..` before the server could.
    const options = {
      ...this.#host,
      path: this.#prefix + path,
      method,
      headers,
      agent: path.includes('waitMs=') ? this.#waiting : this.#agent,
      ...(call.signal ? { signal: call.signal } : {}),
    };
    return new Promise((done, fail) => {
      const sent = request(options, (message) => readAnswer(message, done, fail));
      sent.on('error', fail);
      sendBody(sent, body, call.chunkBytes ?? 0);
    });
  }

  /** The same server, with this key on every call. */
  as(key: string | undefined): Caller {
    return new Caller(this, key);
  }

  close(): void {
    this.#agent.destroy();
    this.#waiting.destroy();
  }
}

export class Caller {
  readonly #http: Http;
  readonly #key: string | undefined;

  constructor(http: Http, key: string | undefined) {
    this.#http = http;
    this.#key = key;
  }

  send(method: string, path: string, call: Call = {}): Promise<Answer> {
    if (this.#key === undefined) return this.#http.send(method, path, call);
    return this.#http.send(method, path, {
      ...call,
      headers: { authorization: `Bearer ${this.#key}`, ...call.headers },
    });
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('GET', path, { headers });
  }

  put(path: string, json: unknown = {}): Promise<Answer> {
    return this.send('PUT', path, { json });
  }

  patch(path: string, json: unknown): Promise<Answer> {
    return this.send('PATCH', path, { json });
  }

  post(path: string, json: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('POST', path, { json, headers });
  }

  delete(path: string): Promise<Answer> {
    return this.send('DELETE', path);
  }
}
