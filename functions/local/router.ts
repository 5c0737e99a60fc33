import { RegExpRouter } from 'hono/router/reg-exp-router';
import { SmartRouter } from 'hono/router/smart-router';
import { TrieRouter } from 'hono/router/trie-router';
import { ROUTES } from '../../shared/contract/routes.ts';
import type { RawParam } from '../../shared/http/node-exchange.ts';
import type { Endpoint, SubApp } from '../../shared/http/sub-app.ts';

export interface Found {
  readonly endpoint: Endpoint;
  readonly param: RawParam;
}

/** Finds who answers a method and a path; undefined: nobody. */
export type Router = (method: string, path: string) => Found | undefined;

/** The routes of several functions, behind Hono's own router: it chooses the fastest of its kinds that can take them. */
export const createRouter = (subApps: readonly SubApp[]): Router => {
  const router = new SmartRouter<Endpoint>({ routers: [new RegExpRouter(), new TrieRouter()] });
  for (const { endpoints } of subApps) {
    for (const [id, endpoint] of endpoints) router.add(ROUTES[id].method, ROUTES[id].path, endpoint);
  }
  return (method, path) => {
    // HEAD goes wherever GET does.
    const [[found], stash] = router.match(method === 'HEAD' ? 'GET' : method, path);
    if (found === undefined) return undefined;
    const [endpoint, params] = found;
    const param = (name: string): string | undefined => {
      const at = params[name];
      return typeof at === 'number' ? stash?.[at] : at;
    };
    return { endpoint, param };
  };
};
