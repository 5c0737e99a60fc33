import type { GatewayEvent } from './gateway-event.ts';
import { requestBody } from './request-body.ts';

/** The host is not looked at by anything; the path and the query are read from the target. */
const ORIGIN = 'http://chasqui';
const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Node reads header values as Latin-1; a value with other characters was decoded as UTF-8 on its way. */
const latin1 = (value: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is that of a byte.
  /^[\u0000-\u00ff]*$/.test(value) ? value : Buffer.from(value, 'utf8').toString('latin1');

/** A body that cannot be read says why when it is read: by then it is known whether the caller may be told. */
const failing = (error: unknown): ReadableStream =>
  new ReadableStream({ start: (controller) => controller.error(error) });

const bodyOf = (event: GatewayEvent): RequestInit => {
  if (BODILESS.has(event.requestContext.http.method)) return {};
  try {
    const body = requestBody(event);
    return body === undefined ? {} : { body: new Uint8Array(body) };
  } catch (error) {
    return { body: failing(error), duplex: 'half' };
  }
};

/** The event as a request of the web platform, which is aborted by `signal`. */
export const toRequest = (event: GatewayEvent, target: string, signal: AbortSignal): Request => {
  const headers = Object.entries(event.headers ?? {}).map(([name, value]): [string, string] => [name, latin1(value)]);
  return new Request(ORIGIN + target, {
    method: event.requestContext.http.method,
    headers,
    signal,
    ...bodyOf(event),
  });
};
