import { describe, expect, it } from 'vitest';
import { usageError } from '../../cli/cli-error.ts';
import { exitCodeOf } from '../../cli/exit-code.ts';
import { ApiError } from '../../client/api-error.ts';

const apiError = (status: number, retryable = false) =>
  new ApiError({ code: 'x', status, detail: 'x', retryable, sideEffects: 'none', repeatable: true });

describe('exitCodeOf', () => {
  it.each([
    ['a bug', new Error('x'), 1],
    ['wrong usage', usageError('x'), 2],
    ['an invalid request', apiError(400), 2],
    ['no valid key', apiError(401), 4],
    ['a key without the scope', apiError(403), 4],
    ['a missing thing', apiError(404), 3],
    ['a conflict', apiError(409), 1],
    ['a request in flight', apiError(409, true), 5],
    ['a quota', apiError(429, true), 5],
    ['an overloaded server', apiError(503, true), 5],
    ['no answer at all', apiError(0, true), 5],
    ['a record that was refused for good', apiError(207), 1],
  ])('tells of %s', (_what, error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});
