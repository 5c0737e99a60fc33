import type { Method } from '../../shared/contract/route.ts';
import { routeEntries } from '../../shared/contract/routes.ts';
import type { FunctionName } from './function-name.ts';

/** One route of the gateway. */
export interface ApiRoute {
  readonly method: Method | 'HEAD';
  /** As API Gateway writes it: `/v1/topics/{topic}`. */
  readonly path: string;
  readonly functionName: FunctionName;
}

/** Every row of the contract's route table; HEAD goes wherever GET does. */
export const apiRoutes = (): ApiRoute[] =>
  routeEntries().flatMap(([, { method, path, function: functionName }]) => {
    const route = { method, path: path.replaceAll(/:(\w+)/g, '{$1}'), functionName };
    return method === 'GET' ? [route, { ...route, method: 'HEAD' as const }] : [route];
  });
