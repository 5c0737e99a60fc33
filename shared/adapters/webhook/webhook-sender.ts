import { setMaxListeners } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { WebhookAnswer, WebhookRequest, WebhookSender } from '../../ports/webhook-sender.ts';
import { type EndpointRules, readEndpointUrl } from './endpoint-url.ts';
import { failureReason } from './failure-reason.ts';
import { type Agents, guardedRequest } from './guarded-request.ts';
import { AddressRefusedError, type Resolve, resolveChecked, systemResolve } from './resolve-checked.ts';

export interface WebhookSenderOptions extends EndpointRules {
  readonly resolve?: Resolve;
}

/** A set-up does not wait longer for a resolver; every connection asks again. */
const INSPECT_MS = 2000;
const AGENT = { keepAlive: true, maxFreeSockets: 32, timeout: 60_000 };

/** The address that was checked is the one that node connects to: it gets no other. */
const lookupWith =
  (resolve: Resolve, allowPrivate: boolean): LookupFunction =>
  (host, { all }, callback) => {
    resolveChecked(resolve, host, allowPrivate).then(
      (addresses) => {
        const [first] = addresses;
        if (all === true) callback(null, [...addresses]);
        else callback(null, first?.address ?? '', first?.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };

/** The server closed a connection that was kept, while we took it up again: it has seen nothing of this request. */
const wasStale = (error: unknown): boolean => {
  const { reused, code } = error as { readonly reused?: boolean; readonly code?: string };
  return reused === true && (code === 'ECONNRESET' || code === 'EPIPE');
};

const within = async <Result>(ms: number, work: Promise<Result>): Promise<Result | undefined> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** By hand: `AbortSignal.any` of a signal that lives long keeps every request's own in memory with it. */
const limitedTo = (ms: number, abort: AbortSignal | undefined): { readonly signal: AbortSignal; end(): void } => {
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  const timer = setTimeout(cancel, ms);
  if (abort?.aborted === true) cancel();
  // As many as are under way for one lane: no leak.
  if (abort !== undefined) setMaxListeners(0, abort);
  abort?.addEventListener('abort', cancel, { once: true });
  return {
    signal: controller.signal,
    end: () => {
      clearTimeout(timer);
      abort?.removeEventListener('abort', cancel);
    },
  };
};

export const createWebhookSender = (options: WebhookSenderOptions): WebhookSender => {
  const { allowPrivate, resolve = systemResolve } = options;
  const lookup = lookupWith(resolve, allowPrivate);
  const agents: Agents = { http: new http.Agent(AGENT), https: new https.Agent(AGENT) };

  const attempt = async (request: WebhookRequest, url: URL, signal: AbortSignal): Promise<WebhookAnswer> => {
    try {
      return await guardedRequest(request, url, agents, lookup, signal);
    } catch (error) {
      if (!wasStale(error)) throw error;
      return guardedRequest(request, url, agents, lookup, signal);
    }
  };
  const nameFault = async (host: string): Promise<string | undefined> => {
    const check = resolveChecked(resolve, host, allowPrivate).then(
      () => undefined,
      (error: unknown) => (error instanceof AddressRefusedError ? 'must have public addresses only' : undefined),
    );
    return within(INSPECT_MS, check);
  };
  return {
    inspect: async (text) => {
      const endpoint = readEndpointUrl(text, options);
      if (endpoint.kind === 'refused') return endpoint.reason;
      return endpoint.isAddress || allowPrivate ? undefined : nameFault(endpoint.host);
    },
    send: async (request, abort) => {
      const endpoint = readEndpointUrl(request.url, options);
      if (endpoint.kind === 'refused') return { kind: 'failed', reason: `the endpoint ${endpoint.reason}` };
      const limit = limitedTo(request.timeoutMs, abort);
      try {
        return await attempt(request, endpoint.url, limit.signal);
      } catch (error) {
        if (abort?.aborted === true) throw abort.reason;
        if (limit.signal.aborted) return { kind: 'failed', reason: `no answer within ${request.timeoutMs} ms` };
        return { kind: 'failed', reason: failureReason(error) };
      } finally {
        limit.end();
      }
    },
  };
};
