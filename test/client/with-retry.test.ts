import { describe, expect, it } from 'vitest';
import { ApiError, type ApiErrorFacts } from '../../client/api-error.ts';
import { withRetry } from '../../client/with-retry.ts';

const failure = (facts: Partial<ApiErrorFacts> = {}) =>
  new ApiError({
    code: 'unavailable',
    status: 503,
    detail: 'Later.',
    retryable: true,
    sideEffects: 'none',
    repeatable: true,
    ...facts,
  });

/** A clock that only sleeping moves. */
const fakeTime = () => {
  const pauses: number[] = [];
  let time = 0;
  const sleep = async (ms: number) => {
    pauses.push(ms);
    time += ms;
  };
  return { pauses, now: () => time, sleep, random: () => 1 };
};

const failing = (times: number, error: Error) => {
  let calls = 0;
  const operation = async () => {
    calls += 1;
    if (calls <= times) throw error;
    return 'done';
  };
  return { operation, calls: () => calls };
};

describe('withRetry', () => {
  it('repeats with doubled bounds until it succeeds', async () => {
    const time = fakeTime();
    const { operation, calls } = failing(4, failure());
    await expect(withRetry(operation, { ...time, baseMs: 100, maxMs: 300 })).resolves.toBe('done');
    expect(time.pauses).toEqual([100, 200, 300, 300]);
    expect(calls()).toBe(5);
  });

  it('draws the pause from zero to its bound', async () => {
    const time = { ...fakeTime(), random: () => 0.25 };
    await withRetry(failing(2, failure()).operation, { ...time, baseMs: 100 });
    expect(time.pauses).toEqual([25, 50]);
  });

  it('waits at least as long as the server asks', async () => {
    const time = fakeTime();
    await withRetry(failing(1, failure({ retryAfterMs: 1500 })).operation, time);
    expect(time.pauses).toEqual([1500]);
  });

  it.each([
    ['is not retryable', failure({ retryable: false })],
    ['came of something that must not be done twice', failure({ repeatable: false })],
    ['is not of the API', new RangeError('a bug')],
  ])('passes on at once an error that %s', async (_why, error) => {
    const { operation, calls } = failing(1, error);
    await expect(withRetry(operation, fakeTime())).rejects.toBe(error);
    expect(calls()).toBe(1);
  });

  it('leaves the last word to the caller', async () => {
    const { operation, calls } = failing(2, failure());
    const once = { ...fakeTime(), retryIf: () => calls() < 2 };
    await expect(withRetry(operation, once)).rejects.toThrow('unavailable');
    expect(calls()).toBe(2);
  });

  it('passes the last error on rather than begin a try behind the deadline', async () => {
    const time = fakeTime();
    const error = failure();
    const { operation, calls } = failing(Number.POSITIVE_INFINITY, error);
    await expect(withRetry(operation, { ...time, baseMs: 100, deadlineMs: 650 })).rejects.toBe(error);
    expect(time.pauses).toEqual([100, 200]);
    expect(calls()).toBe(3);
  });

  it('stops in a pause when the caller gives up', async () => {
    const controller = new AbortController();
    const { operation, calls } = failing(Number.POSITIVE_INFINITY, failure());
    const onRetry = () => queueMicrotask(() => controller.abort(new Error('enough')));
    const call = withRetry(operation, { baseMs: 60_000, random: () => 0.4, signal: controller.signal, onRetry });
    await expect(call).rejects.toThrow('enough');
    expect(calls()).toBe(1);
  });
});
