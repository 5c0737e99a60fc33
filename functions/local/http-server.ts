import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LIMITS } from '../../shared/contract/limits.ts';
import { StartError } from '../../shared/runtime/start-error.ts';
import { oneAfterAnother } from './one-after-another.ts';
import { answerConnect, answerParserError } from './parser-errors.ts';

export type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => unknown;

const SECOND_MS = 1000;

/** A connection on which nothing has moved for this long is closed: its reader does not read. Longer than any wait. */
const IDLE_MS = 120 * SECOND_MS;

const OPTIONS = {
  maxHeaderSize: LIMITS.requestHeaderBytes,
  headersTimeout: 30 * SECOND_MS,
  requestTimeout: 120 * SECOND_MS,
  /** Longer than clients and proxies keep an idle connection, so that they, not we, close it between two requests. */
  keepAliveTimeout: 75 * SECOND_MS,
  /** The edge answers it, with problem details. */
  requireHostHeader: false,
  /** What may stand once only (`Host`, `Authorization`, `Content-Type` …) is refused twice, as in AWS: Node would take the first. */
  joinDuplicateHeaders: true,
};

/** Takes requests from the moment the port is ours, and keeps them until there is somebody to answer them. */
export class HttpServer {
  readonly server: Server;
  #waiting: [IncomingMessage, ServerResponse][] = [];
  #listener: Listener = (incoming, outgoing) => this.#waiting.push([incoming, outgoing]);

  constructor() {
    const { listener, whenAnswered } = oneAfterAnother((incoming, outgoing) => this.#listener(incoming, outgoing));
    this.server = createServer(OPTIONS, listener);
    // A client may close its side behind its request and read on. Without this, Node would keep the answer to what was done from it.
    Object.assign(this.server, { httpAllowHalfOpen: true });
    this.server.timeout = IDLE_MS;
    // Their bytes are bounded. Node would leave out what comes behind the thousandth, and say nothing.
    this.server.maxHeadersCount = 0;
    // Registered, these leave the answer to the edge: it asks for the body when the request has passed its checks.
    this.server.on('checkContinue', listener);
    this.server.on('checkExpectation', listener);
    this.server.on('clientError', answerParserError(whenAnswered));
    this.server.on('connect', answerConnect(whenAnswered));
    // A connection that cannot be accepted is one less; without a listener it would be the end of the process.
    this.server.on('error', () => undefined);
  }

  /** Answers the URL. @throws {StartError} */
  listen(host: string, port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.server.once('error', (error) => reject(new StartError(listenMessage(error, host, port), { cause: error })));
      this.server.listen(port, host, () => resolve(urlOf(this.server.address() as AddressInfo)));
    });
  }

  serve(listener: Listener): void {
    this.#listener = listener;
    for (const [incoming, outgoing] of this.#waiting) listener(incoming, outgoing);
    this.#waiting = [];
  }
}

const urlOf = ({ address, family, port }: AddressInfo): string => {
  const shown = { '0.0.0.0': '127.0.0.1', '::': '::1' }[address] ?? address;
  return `http://${family === 'IPv6' ? `[${shown}]` : shown}:${port}`;
};

const listenMessage = (error: NodeJS.ErrnoException, host: string, port: number): string => {
  if (error.code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is taken. Set CHASQUI_PORT to another one, or to 0 for any that is free.`;
  }
  if (error.code === 'EACCES')
    return `Port ${port} on ${host} needs more rights than you have. Set CHASQUI_PORT to another one.`;
  return `Cannot listen on ${host}, port ${port}: ${error.message}.`;
};
