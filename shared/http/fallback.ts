import { ChasquiError } from '../contract/errors.ts';
import type { Route } from '../contract/route.ts';
import { routeEntries } from '../contract/routes.ts';
import { authenticate } from './authenticate.ts';
import type { Exchange, Sent } from './exchange.ts';
import { LiveRequest } from './live-request.ts';
import { respond } from './respond.ts';
import type { Service } from './service.ts';

interface KnownPath {
  readonly pattern: RegExp;
  readonly open: boolean;
  readonly allow: readonly string[];
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`);

/** HEAD goes wherever GET does. */
const methodsOf = (routes: readonly Route[]): string[] =>
  routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));

const knownPaths = (): KnownPath[] => {
  const routes = routeEntries().map(([, route]) => route);
  return [...new Set(routes.map(({ path }) => path))].map((path) => {
    const here = routes.filter((route) => route.path === path);
    const open = here.every(({ credential }) => credential === 'none');
    return { pattern: patternOf(path), open, allow: methodsOf(here) };
  });
};

const refusal = (known: KnownPath | undefined): ChasquiError =>
  known === undefined
    ? new ChasquiError('not_found', 'There is nothing at this path.')
    : new ChasquiError('method_not_allowed', `This path takes ${known.allow.join(', ')}.`, {
        extra: { allow: known.allow },
      });

/** Whatever no route answers: first the key, then 405 where the path is known by another method, else 404. */
export const fallback = (service: Service): ((exchange: Exchange) => Promise<Sent>) => {
  const paths = knownPaths();
  return (exchange) => {
    const request = new LiveRequest(service, exchange, undefined);
    return respond(request, async () => {
      const known = paths.find(({ pattern }) => pattern.test(request.path));
      if (known?.open !== true) request.principal = await authenticate(service, request.header('authorization'));
      throw refusal(known);
    });
  };
};
