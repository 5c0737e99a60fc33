import type { Method } from '../../shared/contract/route.ts';
import { routeEntries } from '../../shared/contract/routes.ts';
import { FUNCTION_NAMES, type FunctionName } from './function-name.ts';

/** One route of the gateway. */
export interface ApiRoute {
  readonly method: Method | 'HEAD';
  /** As API Gateway writes it: `/v1/topics/{topic}`. */
  readonly path: string;
  readonly functionName: FunctionName;
}

const DEPLOYED: readonly string[] = FUNCTION_NAMES;

/** Every row of the contract's route table whose function is deployed; HEAD goes wherever GET does. */
export const apiRoutes = (): ApiRoute[] =>
  routeEntries().flatMap(([, { method, path, function: functionName }]) => {
    if (!DEPLOYED.includes(functionName)) return [];
    const route = { method, path: path.replaceAll(/:(\w+)/g, '{$1}'), functionName };
    return method === 'GET' ? [route, { ...route, method: 'HEAD' as const }] : [route];
  });
