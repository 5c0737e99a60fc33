import { ChasquiError } from '../../shared/contract/errors.ts';

/** What a refusal says: `code path` and, where no field is named, `code detail`. Fails where nothing is refused, or anything may have happened. */
export function faultOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (!(error instanceof ChasquiError) || error.sideEffects !== 'none' || error.retryable) throw error;
    return `${error.code} ${error.errors?.[0]?.path ?? error.message}`;
  }
  throw new Error('Nothing was refused.');
}
