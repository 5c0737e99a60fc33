import { STATUS_CODES } from 'node:http';
import type { ChasquiError } from '../contract/errors.ts';
import { problem } from './problem.ts';
import { nextRequestId } from './request-id.ts';

/** A problem as bytes on the wire, for a connection that has no request and is closed behind it. */
export const rawProblem = (error: ChasquiError): string => {
  const requestId = nextRequestId();
  const { status, headers, body } = problem(error, requestId);
  const text = String(body);
  const lines = Object.entries({
    ...headers,
    'chasqui-request-id': requestId,
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${text}`;
};
