import { describe, expect, it } from 'vitest';
import { SUBSCRIPTION_DEFAULTS } from '../../../shared/contract/limits.ts';
import { gapMs, judge, retryAfterMs } from '../../../shared/delivery/judge.ts';
import type { Retry } from '../../../shared/ports/subscription-store.ts';
import type { WebhookAnswer } from '../../../shared/ports/webhook-sender.ts';
import { answered } from '../../support/fake-endpoints.ts';

const NOW = 1_760_000_000_000;
const DEFAULT: Retry = { scheduleMs: SUBSCRIPTION_DEFAULTS.scheduleMs, jitter: true, timeoutMs: 1000 };
const exactly = (scheduleMs: readonly number[], maxAttempts?: number): Retry => ({
  scheduleMs,
  jitter: false,
  timeoutMs: 1000,
  ...(maxAttempts === undefined ? {} : { maxAttempts }),
});
const judged = (answer: WebhookAnswer, retry: Retry, attempts = 1) =>
  judge(answer, retry, { attempts, at: NOW, fraction: 0.5 });

describe('gapMs', () => {
  it('is 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h again, never sooner and at most a fifth later', () => {
    const gaps = [5, 300, 1800, 7200, 18_000, 36_000, 36_000, 36_000].map((seconds) => seconds * 1000);
    expect(gaps.map((_, at) => gapMs(DEFAULT, at + 1, 0))).toEqual(gaps);
    expect(gaps.map((_, at) => gapMs(DEFAULT, at + 1, 1))).toEqual(gaps.map((gap) => gap * 1.2));
  });

  it('is what the schedule says, with the first try at once whether a 0 stands for it or not', () => {
    expect([1, 2, 3].map((n) => gapMs(exactly([0, 10, 200]), n, 0.9))).toEqual([10, 200, 200]);
    expect([1, 2, 3].map((n) => gapMs(exactly([10, 200]), n, 0.9))).toEqual([10, 200, 200]);
  });

  // A schedule of 0 alone was 400 tries a second, for five days.
  it('repeats no pause that is shorter than a tenth of a second', () => {
    expect([1, 2].map((n) => gapMs(exactly([0]), n, 0.9))).toEqual([100, 100]);
    expect([1, 2, 3, 4].map((n) => gapMs(exactly([0, 0, 0]), n, 0.9))).toEqual([0, 0, 100, 100]);
    expect([1, 2].map((n) => gapMs(exactly([5]), n, 0.9))).toEqual([5, 100]);
  });
});

describe('judge', () => {
  it('takes 2xx for delivered, 410 for a no to everything, and the rest for another try', () => {
    for (const status of [200, 201, 204, 299]) expect(judged(answered(status), DEFAULT)).toEqual({ kind: 'delivered' });
    expect(judged(answered(410), exactly([0], 1))).toEqual({ kind: 'gone' });
    for (const status of [100, 301, 307, 400, 404, 500]) {
      expect(judged(answered(status), exactly([0, 7]))).toEqual({ kind: 'retry', nextTryAt: NOW + 7 });
    }
    expect(judged({ kind: 'failed', reason: 'no' }, exactly([0, 7]))).toEqual({ kind: 'retry', nextTryAt: NOW + 7 });
  });

  it('gives up with the last of the tries, and without a number of them never', () => {
    expect(judged(answered(500), exactly([0, 7], 3), 2)).toMatchObject({ kind: 'retry' });
    expect(judged(answered(500), exactly([0, 7], 3), 3)).toEqual({ kind: 'exhausted' });
    expect(judged(answered(500), exactly([0, 7]), 10_000)).toMatchObject({ kind: 'retry' });
  });

  it('obeys Retry-After of 429 and 503, for everything that goes there, and of nothing else', () => {
    const later = { 'retry-after': '3' };
    const held = { kind: 'retry', nextTryAt: NOW + 3000, holdUntil: NOW + 3000 };
    for (const status of [429, 503]) expect(judged(answered(status, later), exactly([0, 7]))).toEqual(held);
    expect(judged(answered(500, later), exactly([0, 7]))).toEqual({ kind: 'retry', nextTryAt: NOW + 7 });
    expect(judged(answered(429, later), exactly([0], 1), 1)).toEqual({ kind: 'exhausted', holdUntil: NOW + 3000 });
  });
});

describe('retryAfterMs', () => {
  it('reads seconds and dates, a day at most, and nothing else', () => {
    expect(retryAfterMs('120', NOW)).toBe(120_000);
    expect(retryAfterMs(new Date(NOW + 5000).toUTCString(), NOW)).toBe(5000);
    expect(retryAfterMs(new Date(NOW - 5000).toUTCString(), NOW)).toBe(0);
    expect(retryAfterMs('999999999', NOW)).toBe(86_400_000);
    for (const text of [undefined, '', '-1', '1.5', 'soon', '2025-10-09']) {
      expect(retryAfterMs(text, NOW)).toBeUndefined();
    }
  });
});
