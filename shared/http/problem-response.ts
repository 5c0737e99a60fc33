import type { ChasquiError } from '../contract/errors.ts';
import { problem } from './problem.ts';
import { nextRequestId } from './request-id.ts';

/** A problem for what does not get as far as a route. */
export const problemResponse = (error: ChasquiError): Response => {
  const requestId = nextRequestId();
  const { status, headers, body } = problem(error, requestId);
  return new Response(body, { status, headers: { ...headers, 'chasqui-request-id': requestId } });
};
