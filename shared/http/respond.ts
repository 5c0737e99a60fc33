import type { ChasquiError } from '../contract/errors.ts';
import type { LogLevel } from '../ports/log.ts';
import { type Answer, JSON_HEADERS } from './answer.ts';
import type { LiveRequest } from './live-request.ts';
import { problem } from './problem.ts';
import { streamOf } from './stream-of.ts';
import { toChasquiError } from './to-chasqui-error.ts';

const KEY = /chq_[\w.%-]+/g;
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** A key that somebody has put into the path by mistake stays a secret. */
const withoutKeys = (path: string): string => (path.includes('chq_') ? path.replaceAll(KEY, 'chq_…') : path);

const logRequest = (request: LiveRequest, answer: Answer, error: ChasquiError | undefined): void => {
  const { log } = request.service;
  const failed = answer.status >= 500;
  const level: LogLevel = failed ? 'error' : 'info';
  if (!log.enabled(level)) return;
  const { principal } = request;
  log.write(level, 'request', {
    requestId: request.requestId,
    method: request.method,
    path: withoutKeys(request.path),
    status: answer.status,
    durationMs: Math.round((performance.now() - request.startedAt) * 100) / 100,
    bytesIn: request.bytesIn,
    bytesOut: bytesIn(answer.body),
    tenant: request.tenant,
    keyId: principal?.keyId,
    code: error?.code,
    traceparent: request.traceparent,
    cause: failed ? error?.cause : undefined,
  });
};

const isStream = (body: Answer['body']): body is AsyncGenerator<Uint8Array, void> =>
  typeof body === 'object' && body !== null && !(body instanceof Uint8Array);

/** Of a stream nobody knows when it begins. */
const bytesIn = (body: Answer['body']): number | undefined => (isStream(body) ? undefined : (body?.length ?? 0));

/** An object of fixed shape where there is one: copying any other costs a small request a twentieth of its time. */
const withRequestId = (headers: Answer['headers'], id: string): Record<string, string> =>
  headers === JSON_HEADERS
    ? { 'content-type': 'application/json', 'chasqui-request-id': id }
    : { ...headers, 'chasqui-request-id': id };

/** What every answer has. A client that still waits for leave to send its body ("100 Continue") has to be cut off instead. */
const headersOf = (request: LiveRequest, answer: Answer): Record<string, string> => {
  const headers = withRequestId(answer.headers, request.requestId);
  if (request.traceparent !== undefined) headers['traceparent'] = request.traceparent;
  const abandoned = !request.bodyRead && request.header('expect') !== undefined;
  if (abandoned || answer.status === 413 || request.service.drain.draining) headers['connection'] = 'close';
  if (request.method === 'HEAD' && answer.body !== null && !isStream(answer.body)) {
    headers['content-length'] = String(Buffer.byteLength(answer.body));
  }
  return headers;
};

/** The request ends with its answer, or with the last part of it. */
const bodyOf = (request: LiveRequest, body: Answer['body']) => {
  const isHead = request.method === 'HEAD';
  if (isStream(body) && !isHead) return streamOf(body, () => request.end());
  request.end();
  if (isStream(body)) void body.return();
  return isHead || isStream(body) ? null : body;
};

const finish = (request: LiveRequest, answer: Answer, error?: ChasquiError): Response => {
  logRequest(request, answer, error);
  const body = bodyOf(request, answer.body);
  return new Response(body, { status: answer.status, headers: headersOf(request, answer) });
};

/** The handler's answer, or the problem that it ran into. Ends the request: every one, once. */
export const respond = async (request: LiveRequest, answer: () => Answer | Promise<Answer>): Promise<Response> => {
  try {
    const given = await answer();
    if (given.body instanceof Uint8Array) request.holdAnswer(given.body.length, given.sent);
    return finish(request, given);
  } catch (thrown) {
    const error = toChasquiError(thrown, !READS.has(request.method));
    return finish(request, problem(error, request.requestId), error);
  }
};
