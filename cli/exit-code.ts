import { ApiError } from '../client/api-error.ts';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit.ts';

const OF_STATUS: ReadonlyMap<number, number> = new Map([
  [400, EXIT.usage],
  [401, EXIT.denied],
  [403, EXIT.denied],
  [404, EXIT.notFound],
]);

export const exitCodeOf = (error: unknown): number => {
  if (error instanceof CliError) return error.exitCode;
  if (!(error instanceof ApiError)) return EXIT.failure;
  return OF_STATUS.get(error.status) ?? (error.retryable ? EXIT.retryLater : EXIT.failure);
};
