import { ChasquiError } from '../../contract/errors.ts';
import { type RetryPolicy, retry } from '../../lib/retry.ts';
import { UnknownOutcomeError } from '../../ports/offset-store.ts';
import { failureOf } from './failure.ts';
import { type Table, unavailable } from './table.ts';

/** A transaction holds its items for some milliseconds. */
const CONFLICTS: RetryPolicy = { attempts: 8, baseMs: 5, maxMs: 80 };
const THROTTLED: RetryPolicy = { attempts: 4, baseMs: 25, maxMs: 400 };
const LOST: RetryPolicy = { attempts: 3, baseMs: 50, maxMs: 400 };

const isUnavailable = (error: unknown): boolean => error instanceof ChasquiError && error.code === 'unavailable';

/** Once more after a moment when there were too many requests, or nobody was reached: definite noes. */
export const afterThrottles = <Answer>(table: Table, perform: () => Promise<Answer>): Promise<Answer> =>
  retry(table.world, THROTTLED, perform, isUnavailable);

/**
 * Once more after a conflict too, which is as definite: a transaction had the item at that moment. An answer that was lost is never
 * followed by another try here.
 */
export const afterConflicts = async <Answer>(table: Table, perform: () => Promise<Answer>): Promise<Answer> => {
  const patiently = () => afterThrottles(table, perform);
  try {
    return await retry(table.world, CONFLICTS, patiently, (error) => failureOf(error) === 'conflict');
  } catch (error) {
    throw failureOf(error) === 'conflict' ? unavailable('Other writes are in the way.', error) : error;
  }
};

/** Whether a write was done; false when its condition does not hold. @throws {UnknownOutcomeError} when nobody can tell */
export const writeIf = async (table: Table, perform: () => Promise<unknown>): Promise<boolean> => {
  try {
    await afterConflicts(table, perform);
    return true;
  } catch (error) {
    if (failureOf(error) === 'condition') return false;
    throw error;
  }
};

/** For writes that may be done twice as well as once: once more when nobody knows what became of the first. */
export const untilAnswered = <Answer>(table: Table, perform: () => Promise<Answer>): Promise<Answer> =>
  retry(
    table.world,
    LOST,
    () => afterConflicts(table, perform),
    (error) => error instanceof UnknownOutcomeError,
  );
