import type { Hono } from 'hono';
import { HonoBase } from 'hono/hono-base';
import { TrieRouter } from 'hono/router/trie-router';
import { ROUTES, type RouteId } from '../contract/routes.ts';
import { edge } from './edge.ts';
import type { EdgeEnv, Handlers } from './edge-request.ts';
import type { Exchange, Sent } from './exchange.ts';
import { fallback } from './fallback.ts';
import { FetchExchange } from './fetch-exchange.ts';
import { pathOf } from './path.ts';
import type { Service } from './service.ts';

/** Answers the requests of one route. */
export type Endpoint = (exchange: Exchange) => Promise<Sent>;

/** The routes of one function: a Hono app, and what it is made of, for whoever carries requests without a `Request`. */
export type SubApp = Hono<EdgeEnv> & { readonly endpoints: ReadonlyMap<RouteId, Endpoint> };

/** Hono without the routers that it would choose from: the routes are known, and one of them takes them all. */
const emptyApp = (service: Service): Hono<EdgeEnv> => {
  const app: Hono<EdgeEnv> = new HonoBase<EdgeEnv>({ getPath: pathOf, router: new TrieRouter() });
  const answer = fallback(service);
  app.notFound((c) => answer(new FetchExchange(c)) as Promise<Response>);
  return app;
};

/** Each route behind the edge. Whatever else is asked of it gets 401, 405 or 404. */
export const createSubApp = (service: Service, handlers: Handlers): SubApp => {
  const app = emptyApp(service);
  const endpoints = new Map<RouteId, Endpoint>();
  for (const id of Object.keys(handlers) as RouteId[]) {
    const answer = edge(service, id, handlers);
    endpoints.set(id, answer);
    app.on(ROUTES[id].method, ROUTES[id].path, (c) => answer(new FetchExchange(c)) as Promise<Response>);
  }
  return Object.assign(app, { endpoints });
};

/** Several functions as one Hono app. */
export const createApp = (service: Service, subApps: readonly Hono<EdgeEnv>[]): Hono<EdgeEnv> => {
  const app = emptyApp(service);
  for (const subApp of subApps) app.route('/', subApp);
  return app;
};
