import type { IncomingMessage, ServerResponse } from 'node:http';
import { ChasquiError } from '../../shared/contract/errors.ts';
import { LIMITS } from '../../shared/contract/limits.ts';
import type { Exchange } from '../../shared/http/exchange.ts';
import { fallback } from '../../shared/http/fallback.ts';
import { declaredBytes } from '../../shared/http/node-body.ts';
import { NodeExchange } from '../../shared/http/node-exchange.ts';
import { problem } from '../../shared/http/problem.ts';
import { nextRequestId } from '../../shared/http/request-id.ts';
import type { Service } from '../../shared/http/service.ts';
import type { Endpoint, SubApp } from '../../shared/http/sub-app.ts';
import { adminRoutes } from '../admin/routes.ts';
import { type DeliverService, deliverRoutes } from '../deliver/routes.ts';
import { type FetchService, fetchRoutes } from '../fetch/routes.ts';
import { type MaintainService, maintainRoutes } from '../maintain/routes.ts';
import { type ProduceService, produceRoutes } from '../produce/routes.ts';
import { subscribeRoutes } from '../subscribe/routes.ts';
import type { Cors } from './cors.ts';
import type { Listener } from './http-server.ts';
import { requestTarget } from './request-target.ts';
import { createRouter } from './router.ts';

export type LocalService = Service & ProduceService & FetchService & DeliverService & MaintainService;

/** Every function of the bus. */
export const everyFunction = (service: LocalService): SubApp[] => [
  adminRoutes(service),
  produceRoutes(service),
  fetchRoutes(service),
  maintainRoutes(service),
  subscribeRoutes(service),
  deliverRoutes(service),
];

const tooLong = (): ChasquiError =>
  new ChasquiError('uri_too_long', `The address must be at most ${LIMITS.uriBytes} bytes.`);

/** A request line or a `Host` that is not HTTP. */
const notHttp = (): ChasquiError =>
  new ChasquiError('invalid_request', 'The address or the Host header of the request is not valid.');

/** For what does not get as far as a route. */
const refuse = (exchange: Exchange, error: ChasquiError): void => {
  const requestId = nextRequestId();
  const { status, headers, body } = problem(error, requestId);
  const bytes = Buffer.byteLength(String(body));
  exchange.send({
    status,
    headers: { ...headers, 'chasqui-request-id': requestId },
    body,
    bytes,
    ended: () => undefined,
  });
};

const pathOf = (target: string): string => {
  const end = target.indexOf('?');
  return end === -1 ? target : target.slice(0, end);
};

const NO_PARAMS = (): undefined => undefined;

/** Every function in one process, each request counted until its answer has gone out. */
export const createListener = (service: LocalService, cors?: Cors): Listener => {
  const find = createRouter(everyFunction(service));
  const answerOthers = fallback(service);
  const { drain } = service;
  return (incoming: IncomingMessage, outgoing: ServerResponse) => {
    drain.begin();
    outgoing.once('close', () => drain.finish());
    if (cors?.(incoming, outgoing)) return;
    const target = requestTarget(incoming);
    const found = target === undefined ? undefined : find(incoming.method ?? 'GET', pathOf(target));
    const exchange = new NodeExchange(incoming, outgoing, target ?? '/', found?.param ?? NO_PARAMS);
    if ((incoming.url?.length ?? 0) > LIMITS.uriBytes) return refuse(exchange, tooLong());
    if (target === undefined) return refuse(exchange, notHttp());
    const answer = found?.endpoint ?? answerOthers;
    if (comesAlong(incoming)) process.nextTick(answerWith, answer, exchange, outgoing);
    else answerWith(answer, exchange, outgoing);
  };
};

/** A body that is so small comes together with its headers: when the parser is through with them, it is there as a whole. */
const SMALL_BYTES = 32 * 1024;

const comesAlong = (incoming: IncomingMessage): boolean => {
  const bytes = declaredBytes(incoming);
  return bytes > 0 && bytes <= SMALL_BYTES;
};

/** An answer that cannot be sent: the client learns by the end of its connection that there is none. */
const answerWith = (answer: Endpoint, exchange: Exchange, outgoing: ServerResponse): void => {
  answer(exchange).catch(() => outgoing.destroy());
};
