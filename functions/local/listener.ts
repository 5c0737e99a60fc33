import type { IncomingMessage } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { ChasquiError } from '../../shared/contract/errors.ts';
import { LIMITS } from '../../shared/contract/limits.ts';
import { problemResponse } from '../../shared/http/problem-response.ts';
import type { Service } from '../../shared/http/service.ts';
import { createApp } from '../../shared/http/sub-app.ts';
import { adminRoutes } from '../admin/routes.ts';
import { type DeliverService, deliverRoutes } from '../deliver/routes.ts';
import { type FetchService, fetchRoutes } from '../fetch/routes.ts';
import { type MaintainService, maintainRoutes } from '../maintain/routes.ts';
import { type ProduceService, produceRoutes } from '../produce/routes.ts';
import { subscribeRoutes } from '../subscribe/routes.ts';
import type { Cors } from './cors.ts';
import type { Listener } from './http-server.ts';

export type LocalService = Service & ProduceService & FetchService & DeliverService & MaintainService;

const tooLong = (): Response =>
  problemResponse(new ChasquiError('uri_too_long', `The address must be at most ${LIMITS.uriBytes} bytes.`));

/** A request line or a `Host` that is not HTTP. */
const notHttp = (): Response =>
  problemResponse(new ChasquiError('invalid_request', 'The address or the Host header of the request is not valid.'));

/** For HTTP/1.0, which may leave it out. */
const OPTIONS = { hostname: 'localhost', errorHandler: notHttp };

/** RFC 9112 section 3.2: HTTP/1.1 may not. */
const lacksHost = ({ headers, httpVersion }: IncomingMessage): boolean =>
  headers.host === undefined && httpVersion !== '1.0';

/** Every function in one process, each request counted until its answer has gone out. */
export const createListener = (service: LocalService, cors?: Cors): Listener => {
  const app = createApp(service, [
    adminRoutes(service),
    produceRoutes(service),
    fetchRoutes(service),
    maintainRoutes(service),
    subscribeRoutes(service),
    deliverRoutes(service),
  ]);
  const answer = getRequestListener(app.fetch, OPTIONS);
  const refuseLong = getRequestListener(tooLong, OPTIONS);
  const refuseHostless = getRequestListener(notHttp, OPTIONS);
  const { drain } = service;
  return (incoming, outgoing) => {
    drain.begin();
    outgoing.once('close', () => drain.finish());
    if (cors?.(incoming, outgoing)) return;
    if ((incoming.url?.length ?? 0) > LIMITS.uriBytes) return refuseLong(incoming, outgoing);
    return lacksHost(incoming) ? refuseHostless(incoming, outgoing) : answer(incoming, outgoing);
  };
};
