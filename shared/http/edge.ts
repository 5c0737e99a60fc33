import type * as z from 'zod';
import type { Route } from '../contract/route.ts';
import { ROUTES, type RouteId } from '../contract/routes.ts';
import { type Eventually, whenThere } from '../lib/eventually.ts';
import type { Principal } from '../tenancy/principal.ts';
import type { Answer } from './answer.ts';
import { authenticate, authenticateTicket } from './authenticate.ts';
import { authorize, authorizeNamed } from './authorize.ts';
import type { Handlers } from './edge-request.ts';
import type { Exchange, Sent } from './exchange.ts';
import { LiveRequest } from './live-request.ts';
import { negotiate, parseContentType } from './media-type.ts';
import { expectJsonType, readJson } from './read-json.ts';
import { createParamReader } from './read-params.ts';
import { createQueryReader } from './read-query.ts';
import { respond } from './respond.ts';
import type { Service } from './service.ts';

/** Every type that a successful answer of the route may have. */
const offeredBy = (route: Route): string[] => {
  const other = Object.values(route.answers).flatMap(({ mediaType }) => mediaType ?? []);
  if (other.length > 0) return other;
  const bodies = Object.values(route.answers).filter((answer) => answer.schema !== undefined);
  if (bodies.length === 0) return [];
  return ['application/json', ...new Set(bodies.flatMap((answer) => Object.keys(answer.otherMedia ?? {})))];
};

const principalOf = (service: Service, route: Route, request: LiveRequest): Eventually<Principal> => {
  const authorization = request.header('authorization');
  if (authorization === undefined && route.takesTicket) return authenticateTicket(service, request.rawQuery);
  return authenticate(service, authorization, request.exchange.connection);
};

const checkJsonBody = (request: LiveRequest, route: Route, schema: z.ZodType): Eventually<void> => {
  expectJsonType(parseContentType(request.header('content-type')));
  return whenThere(request.readBody(), (bytes) => {
    request.body = readJson(bytes, schema);
    if (route.namedTopics !== undefined) authorizeNamed(route.namedTopics(request.body), request.principal);
  });
};

/** Everything between a request and its handler, made once for the route: the checks in the order of the contract. */
const createChecks = (service: Service, route: Route): ((request: LiveRequest) => Eventually<void>) => {
  const readParams = createParamReader(route);
  const readQuery = createQueryReader(route);
  const offered = offeredBy(route);
  const checkAsked = (request: LiveRequest): Eventually<void> => {
    request.params = readParams(request.exchange);
    request.query = readQuery(request.rawQuery);
    if (offered.length > 0) request.mediaType = negotiate(request.header('accept'), offered);
    if (route.body.kind === 'json') return checkJsonBody(request, route, route.body.schema);
    if (route.body.kind !== 'none') return whenThere(request.readBody(), () => undefined);
  };
  if (route.credential === 'none') return checkAsked;
  return (request) =>
    whenThere(principalOf(service, route, request), (principal) => {
      request.principal = principal;
      authorize(route, principal, request.exchange.param('topic'));
      return checkAsked(request);
    });
};

/** The handlers' types are tied to their routes where they are given; here one serves for all. */
type AnyHandler = (request: LiveRequest) => Answer | Promise<Answer>;

/** A route's handler behind the edge, as one function: a chain of middlewares costs more than what they do. */
export const edge = (service: Service, id: RouteId, handlers: Handlers): ((exchange: Exchange) => Promise<Sent>) => {
  const route: Route = ROUTES[id];
  const handler = handlers[id] as unknown as AnyHandler;
  const check = createChecks(service, route);
  return (exchange) => {
    const request = new LiveRequest(service, exchange, route);
    return respond(request, () => whenThere(check(request), () => handler(request)));
  };
};
