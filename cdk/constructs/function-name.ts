import type { Route } from '../../shared/contract/route.ts';

/** One Lambda each: the folders of `functions/` that have a `handler.ts`. */
export type FunctionName = Route['function'];

export const FUNCTION_NAMES = [
  'produce',
  'fetch',
  'subscribe',
  'deliver',
  'admin',
  'maintain',
] as const satisfies readonly FunctionName[];
