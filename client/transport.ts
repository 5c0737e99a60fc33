import { ApiError } from './api-error.ts';
import { connectionFailed, noAnswer, type SentRequest } from './connection-error.ts';
import { startDeadline } from './deadline.ts';
import { errorOf, unexpectedAnswer } from './problem.ts';
import { type Secret, secretOf } from './secret.ts';

export interface ClientOptions {
  /** Where the deployment answers: `http://127.0.0.1:4000`. A path in it is kept. */
  readonly url: string;
  readonly key: string | Secret;
  readonly fetch?: typeof globalThis.fetch;
  /** How long an answer may take, in milliseconds (30,000), on top of what a long poll waits. */
  readonly timeoutMs?: number;
}

export interface ApiRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the deployment's URL, its parts encoded: see `pathOf`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Twice does no more than once, whatever the method says. */
  readonly repeatable?: boolean;
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

/** One request, one answer: nothing is ever sent twice. @throws {ApiError}, and the signal's reason when that aborts. */
export type Transport = (request: ApiRequest) => Promise<ApiAnswer>;

/** The content type of records, a line each. */
export const NDJSON = 'application/x-ndjson';

const TIMEOUT_MS = 30_000;

/** Parts that a URL would swallow are refused: no name is one of them. */
export const pathOf = (...parts: readonly (string | number)[]): string =>
  parts
    .map((part) => {
      if (part === '' || part === '.' || part === '..') throw new TypeError(`Not a name: ${JSON.stringify(part)}.`);
      return `/${encodeURIComponent(part)}`;
    })
    .join('');

/** The URL without its last slash. A password in it would end up in messages. */
const parseBase = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new TypeError(`Not an http or https URL without user and password: ${JSON.stringify(text)}.`);
  }
  return url;
};

/** Checked here, because the message of a refused header would show the key. */
const parseKey = (key: string | Secret): Secret => {
  const secret = secretOf(key);
  if (!/^[\x21-\x7e]+$/.test(secret.reveal()))
    throw new TypeError('The API key is empty, or has characters that no key has.');
  return secret;
};

const urlOf = (base: URL, { path, query = {} }: ApiRequest): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return `${base.origin}${base.pathname.replace(/\/+$/, '')}${path}${text === '' ? '' : `?${text}`}`;
};

const requestInit = (request: ApiRequest, key: Secret, signal: AbortSignal): RequestInit => {
  const { method, json } = request;
  const headers = new Headers(request.headers);
  if (json !== undefined) headers.set('content-type', 'application/json');
  headers.set('authorization', `Bearer ${key.reveal()}`);
  const body = json === undefined ? request.body : JSON.stringify(json);
  // A redirect is not followed: the key would travel to wherever it points.
  return { method, headers, signal, redirect: 'manual', ...(body === undefined ? {} : { body }) };
};

const describe = (base: URL, { method, headers = {}, repeatable = false }: ApiRequest): SentRequest => ({
  origin: base.origin,
  isRead: method === 'GET',
  repeatable: repeatable || method === 'GET' || method === 'PUT' || Object.hasOwn(headers, 'idempotency-key'),
});

export const createTransport = (options: ClientOptions): Transport => {
  const base = parseBase(options.url);
  const key = parseKey(options.key);
  const fetch = options.fetch ?? globalThis.fetch;

  return async (request) => {
    request.signal?.throwIfAborted();
    const sent = describe(base, request);
    const timeoutMs = (options.timeoutMs ?? TIMEOUT_MS) + (request.waitMs ?? 0);
    const deadline = startDeadline(timeoutMs, request.signal);
    try {
      const response = await fetch(urlOf(base, request), requestInit(request, key, deadline.signal));
      const { ok, status, headers } = response;
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (!ok) throw errorOf({ status, headers, bytes, repeatable: sent.repeatable });
      return { status, headers, bytes };
    } catch (error) {
      if (error instanceof ApiError) throw error;
      request.signal?.throwIfAborted();
      throw deadline.isOver() ? noAnswer(timeoutMs, sent) : connectionFailed(error, sent);
    } finally {
      deadline.release();
    }
  };
};

/** The answer's JSON. Numbers beyond 2^53 lose digits here: the routes of records have an NDJSON form, which keeps every byte. */
export const jsonOf = <Answer>({ status, headers, bytes }: ApiAnswer): Answer => {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Answer;
  } catch {
    throw unexpectedAnswer(status, headers);
  }
};

/** The answer's lines, of which each is a record. */
export const linesOf = ({ status, headers, bytes }: ApiAnswer): Uint8Array => {
  if (headers.get('content-type')?.startsWith(NDJSON) !== true) throw unexpectedAnswer(status, headers);
  return bytes;
};
