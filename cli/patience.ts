import type { ApiError } from '../client/api-error.ts';
import { withRetry } from '../client/with-retry.ts';
import { note } from './output/write.ts';

const NO_ANSWER = 0;

/**
 * Retries what is safe to retry. A server that has never answered is not waited for: the URL is wrong or nothing runs there, and whoever
 * typed it should hear so at once.
 */
export const patience = ({ deadlineMs = 30_000, hasAnswered = false } = {}) => {
  let isKnown = hasAnswered;
  return async <Answer>(operation: () => Promise<Answer>): Promise<Answer> => {
    let isNoted = false;
    const onRetry = ({ code }: ApiError) => {
      if (!isNoted) note(`chasqui: ${code}; trying again …`);
      isNoted = true;
    };
    const retryIf = ({ status }: ApiError) => isKnown || status !== NO_ANSWER;
    const answer = await withRetry(operation, { deadlineMs, retryIf, onRetry });
    isKnown = true;
    return answer;
  };
};
