import { Hono } from 'hono';
import { ROUTES, type RouteId } from '../contract/routes.ts';
import { edge } from './edge.ts';
import type { EdgeEnv, Handlers } from './edge-request.ts';
import { fallback } from './fallback.ts';
import { pathOf } from './path.ts';
import type { Service } from './service.ts';

const emptyApp = (service: Service): Hono<EdgeEnv> => {
  const app = new Hono<EdgeEnv>({ getPath: pathOf });
  app.notFound(fallback(service));
  return app;
};

/** The routes of one function, each behind the edge. Whatever else is asked of it gets 401, 405 or 404. */
export const createSubApp = (service: Service, handlers: Handlers): Hono<EdgeEnv> => {
  const app = emptyApp(service);
  for (const id of Object.keys(handlers) as RouteId[]) {
    app.on(ROUTES[id].method, ROUTES[id].path, edge(service, id, handlers));
  }
  return app;
};

/** Several functions in one process. */
export const createApp = (service: Service, subApps: readonly Hono<EdgeEnv>[]): Hono<EdgeEnv> => {
  const app = emptyApp(service);
  for (const subApp of subApps) app.route('/', subApp);
  return app;
};
