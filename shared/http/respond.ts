import type { ChasquiError } from '../contract/errors.ts';
import type { Eventually } from '../lib/eventually.ts';
import type { LogLevel } from '../ports/log.ts';
import { type Answer, JSON_HEADERS } from './answer.ts';
import type { Sent } from './exchange.ts';
import type { LiveRequest } from './live-request.ts';
import { problem } from './problem.ts';
import { toChasquiError } from './to-chasqui-error.ts';

const KEY = /chq_[\w.%-]+/g;
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** A key that somebody has put into the path by mistake stays a secret. */
const withoutKeys = (path: string): string => (path.includes('chq_') ? path.replaceAll(KEY, 'chq_…') : path);

const logRequest = (
  request: LiveRequest,
  status: number,
  bytesOut: number | undefined,
  error: ChasquiError | undefined,
): void => {
  const { log } = request.service;
  const failed = status >= 500;
  const level: LogLevel = failed ? 'error' : 'info';
  if (!log.enabled(level)) return;
  const { principal } = request;
  log.write(level, 'request', {
    requestId: request.requestId,
    method: request.method,
    path: withoutKeys(request.path),
    status,
    durationMs: Math.round((performance.now() - request.startedAt) * 100) / 100,
    bytesIn: request.bytesIn,
    bytesOut,
    tenant: request.tenant,
    keyId: principal?.keyId,
    code: error?.code,
    traceparent: request.traceparent,
    cause: failed ? error?.cause : undefined,
  });
};

/** Of a generator nobody knows when it begins. */
const bytesOf = (body: Answer['body']): number | undefined => {
  if (body === null) return 0;
  if (typeof body === 'string') return Buffer.byteLength(body);
  if (body instanceof Uint8Array) return body.length;
  return Array.isArray(body) ? body.reduce((sum, part) => sum + part.length, 0) : undefined;
};

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
  return headers;
};

/** The request ends with its answer, or with the last part of it. */
const finish = (request: LiveRequest, answer: Answer, bytes: number | undefined, error?: ChasquiError): Sent => {
  logRequest(request, answer.status, bytes, error);
  const headers = headersOf(request, answer);
  if (bytes !== undefined) request.end();
  const { status, body, sent } = answer;
  return request.exchange.send({ status, headers, body, bytes, sent, ended: () => request.end() });
};

/** Only what is large, or kept by somebody until it has gone out. */
const isHeld = ({ body, sent }: Answer): boolean => sent !== undefined || body instanceof Uint8Array;

/** The handler's answer, or the problem that it ran into. Ends the request: every one, once. */
export const respond = async (request: LiveRequest, answer: () => Eventually<Answer>): Promise<Sent> => {
  let given: Answer;
  let error: ChasquiError | undefined;
  let bytes: number | undefined;
  try {
    given = await answer();
    bytes = bytesOf(given.body);
    if (bytes !== undefined && isHeld(given)) request.holdAnswer(bytes);
  } catch (thrown) {
    error = toChasquiError(thrown, !READS.has(request.method));
    given = problem(error, request.requestId);
    bytes = bytesOf(given.body);
  }
  return finish(request, given, bytes, error);
};
