import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { WebhookAnswer, WebhookRequest, WebhookSender } from '../../ports/webhook-sender.ts';
import { type EndpointRules, readEndpointUrl } from './endpoint-url.ts';
import { failureReason } from './failure-reason.ts';
import { type Agents, guardedRequest } from './guarded-request.ts';
import { Limit } from './limit.ts';
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

export const createWebhookSender = (options: WebhookSenderOptions): WebhookSender => {
  const { allowPrivate, resolve = systemResolve } = options;
  const lookup = lookupWith(resolve, allowPrivate);
  const agents: Agents = { http: new http.Agent(AGENT), https: new https.Agent(AGENT) };

  const attempt = async (request: WebhookRequest, url: URL, limit: Limit): Promise<WebhookAnswer> => {
    try {
      return await guardedRequest(request, url, agents, lookup, limit);
    } catch (error) {
      if (limit.reached || !wasStale(error)) throw error;
      return guardedRequest(request, url, agents, lookup, limit);
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
      const limit = new Limit(request.timeoutMs, abort);
      try {
        return await attempt(request, endpoint.url, limit);
      } catch (error) {
        if (abort?.aborted === true) throw abort.reason;
        if (limit.reached) return { kind: 'failed', reason: `no answer within ${request.timeoutMs} ms` };
        return { kind: 'failed', reason: failureReason(error) };
      } finally {
        limit.end();
      }
    },
  };
};
