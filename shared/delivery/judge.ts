import type { Retry } from '../ports/subscription-store.ts';
import type { WebhookAnswer } from '../ports/webhook-sender.ts';

/** What an answer means for what was sent. */
export type Verdict =
  | { readonly kind: 'delivered' }
  /** `holdUntil`: the endpoint has asked that nothing else comes before then. */
  | { readonly kind: 'retry'; readonly nextTryAt: number; readonly holdUntil?: number }
  /** 410: the endpoint wants no more, of this or anything. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'exhausted'; readonly holdUntil?: number };

export interface Tried {
  /** With this one. */
  readonly attempts: number;
  /** Milliseconds since the epoch, when the answer was there. */
  readonly at: number;
  /** Uniform in [0, 1). */
  readonly fraction: number;
}

const GONE = 410;
const PATIENT: ReadonlySet<number> = new Set([429, 503]);
/** An endpoint that is busy and asks to be tried again at once would be asked without a pause, for ever. */
const LEAST_PATIENCE_MS = 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Of a gap: as much is added to it at most, so that those who failed together do not come back together. */
const JITTER = 0.2;

/** RFC 9110, section 10.2.3: seconds, or a date. Undefined where there is none, or none that can be read; a day at most. */
export const retryAfterMs = (header: string | undefined, now: number): number | undefined => {
  const text = header?.trim() ?? '';
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : /GMT$/.test(text) ? Date.parse(text) - now : Number.NaN;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), DAY_MS);
};

/** The last pause of a schedule repeats, perhaps for days: without end it is no shorter than this. */
const LEAST_REPEATED_MS = 100;

/** The pause behind try `attempts`. The first try is at once: a leading 0 stands for it. */
export const gapMs = ({ scheduleMs, jitter }: Retry, attempts: number, fraction: number): number => {
  const gaps = scheduleMs[0] === 0 ? scheduleMs.slice(1) : scheduleMs;
  const gap = gaps[attempts - 1] ?? Math.max(gaps.at(-1) ?? 0, LEAST_REPEATED_MS);
  return Math.ceil(jitter ? gap * (1 + JITTER * fraction) : gap);
};

/** 2xx is done; redirects are refusals like any other. */
export const judge = (answer: WebhookAnswer, retry: Retry, { attempts, at, fraction }: Tried): Verdict => {
  if (answer.kind === 'answered') {
    if (answer.status >= 200 && answer.status < 300) return { kind: 'delivered' };
    if (answer.status === GONE) return { kind: 'gone' };
  }
  const patient = answer.kind === 'answered' && PATIENT.has(answer.status);
  const asked = patient ? retryAfterMs(answer.headers['retry-after'], at) : undefined;
  if (retry.maxAttempts !== undefined && attempts >= retry.maxAttempts)
    return asked === undefined ? { kind: 'exhausted' } : { kind: 'exhausted', holdUntil: at + asked };
  const gap = gapMs(retry, attempts, fraction);
  if (asked === undefined) return { kind: 'retry', nextTryAt: at + gap };
  const nextTryAt = at + Math.max(asked, Math.min(gap, LEAST_PATIENCE_MS));
  return { kind: 'retry', nextTryAt, holdUntil: at + asked };
};
