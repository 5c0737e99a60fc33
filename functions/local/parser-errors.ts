import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ChasquiError } from '../../shared/contract/errors.ts';
import { LIMITS } from '../../shared/contract/limits.ts';
import { rawProblem } from '../../shared/http/raw-problem.ts';
import type { InOrder } from './one-after-another.ts';

/** What Node's parser could not make a request of. */
interface ParserError extends Error {
  readonly code?: string;
  /** The bytes at which it gave up. */
  readonly rawPacket?: Buffer;
}

const LINGER_MS = 1000;
const NOT_A_PROXY = 'NOT_A_PROXY';
const answered = new WeakSet<Socket>();

/** A request line without an end, at the beginning of what the parser saw: it is the address that is too long. */
const isLongUri = (packet: Buffer | undefined): boolean =>
  packet !== undefined &&
  /^[A-Z]{3,10} /.test(packet.toString('latin1', 0, 11)) &&
  !packet.subarray(0, LIMITS.uriBytes).includes(0x0a);

const errorOf = ({ code, rawPacket }: ParserError): ChasquiError => {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return isLongUri(rawPacket)
      ? new ChasquiError('uri_too_long', `The address must be at most ${LIMITS.uriBytes} bytes.`)
      : new ChasquiError('headers_too_large', `The headers must be at most ${LIMITS.requestHeaderBytes} bytes.`);
  }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') {
    return new ChasquiError('payload_too_large', 'The extensions of a chunk are too large.');
  }
  if (code === NOT_A_PROXY) return new ChasquiError('invalid_request', 'This is not a proxy: CONNECT is not taken.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new ChasquiError('timeout', 'The request took too long to arrive.');
  return new ChasquiError('invalid_request', 'This is not a request of HTTP/1.1.');
};

/** Something is on its way already: a second answer would be read as part of it. */
const hasBegun = (socket: Socket): boolean =>
  (socket as Socket & { readonly _httpMessage?: ServerResponse })._httpMessage?.headersSent === true;

/** Behind the answers of all requests before: sent at once, it would be taken for the answer of one that is being done. */
const refuse = (error: ParserError, socket: Socket): void => {
  // The answer before it was the last one, or nobody is there.
  if (!socket.writable) return;
  if (hasBegun(socket)) {
    socket.destroy();
    return;
  }
  socket.end(rawProblem(errorOf(error)));
  // Closed at once, a client that still sends would be reset before it has read why.
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
};

/** Answers what never became a request, in problem details like everything else, and closes the connection. */
export const answerParserError =
  (whenAnswered: InOrder['whenAnswered']) =>
  (error: ParserError, socket: Socket): void => {
    if (answered.has(socket)) return;
    answered.add(socket);
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else whenAnswered(socket, () => refuse(error, socket));
  };

/** Without a listener Node closes the connection and says nothing; with one, the connection has no other listeners left. */
export const answerConnect =
  (whenAnswered: InOrder['whenAnswered']) =>
  (_incoming: IncomingMessage, stream: Duplex): void => {
    stream.on('error', () => undefined);
    const error = Object.assign(new Error('CONNECT'), { code: NOT_A_PROXY });
    answerParserError(whenAnswered)(error, stream as Socket);
  };
