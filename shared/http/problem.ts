import { type ChasquiError, ERRORS } from '../contract/errors.ts';
import type { Answer } from './answer.ts';

const TYPE_BASE = 'https://chasqui.dev/errors#';

/** What one code adds as a header. */
const headersOf = (error: ChasquiError): Record<string, string> => {
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (error.retryAfterSeconds !== undefined) headers['retry-after'] = String(error.retryAfterSeconds);
  if (error.code === 'unauthenticated') headers['www-authenticate'] = 'Bearer';
  const allow = error.extra['allow'];
  if (Array.isArray(allow)) headers['allow'] = allow.join(', ');
  return headers;
};

/** Problem details (RFC 9457) as the contract shapes them. */
export const problem = (error: ChasquiError, requestId: string): Answer => ({
  status: error.status,
  headers: headersOf(error),
  body: JSON.stringify({
    type: TYPE_BASE + error.code,
    title: ERRORS[error.code].title,
    status: error.status,
    code: error.code,
    detail: error.message,
    instance: requestId,
    retryable: error.retryable,
    sideEffects: error.sideEffects,
    ...(error.errors === undefined ? {} : { errors: error.errors }),
    ...error.extra,
  }),
});
