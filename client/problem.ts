import type { FieldError } from '../shared/contract/errors.ts';
import { ApiError } from './api-error.ts';

export interface FailedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  readonly repeatable: boolean;
}

/** Statuses after which a proxy, too, may answer differently the next time. */
const PASSING = new Set([429, 502, 503, 504]);

const parseObject = (bytes: Uint8Array): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

const isFieldError = (value: unknown): value is FieldError =>
  typeof value === 'object' && value !== null && 'path' in value && 'message' in value;

/** RFC 9110, 10.2.3: seconds, or a date. */
const retryAfterMsOf = (headers: Headers): number | undefined => {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
};

/** An answer of 300 and more as an error: what the problem document says, and a cautious guess where there is none. */
export const errorOf = ({ status, headers, bytes, repeatable }: FailedAnswer): ApiError => {
  const problem = parseObject(bytes);
  const { code, detail, retryable, sideEffects, errors } = problem;
  const isProblem = typeof code === 'string';
  const guess = status >= 500 ? 'possible' : 'none';
  return new ApiError({
    code: isProblem ? code : 'unexpected_answer',
    status,
    detail: typeof detail === 'string' ? detail : `HTTP ${status}, and the body is not an answer of Chasqui.`,
    retryable: typeof retryable === 'boolean' ? retryable : PASSING.has(status),
    sideEffects: sideEffects === 'none' || sideEffects === 'possible' ? sideEffects : guess,
    repeatable,
    requestId: headers.get('chasqui-request-id') ?? undefined,
    errors: Array.isArray(errors) ? errors.filter(isFieldError) : [],
    retryAfterMs: retryAfterMsOf(headers),
    problem,
  });
};

/** A success in a form that Chasqui never answers: the URL is that of something else, or a proxy interferes. */
export const unexpectedAnswer = (status: number, headers: Headers): ApiError =>
  new ApiError({
    code: 'unexpected_answer',
    status,
    detail: `HTTP ${status} with ${headers.get('content-type') ?? 'no content type'}, which is not an answer of Chasqui.`,
    retryable: false,
    sideEffects: 'possible',
    repeatable: false,
    requestId: headers.get('chasqui-request-id') ?? undefined,
  });
