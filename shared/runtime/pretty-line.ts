import { inspect, styleText } from 'node:util';
import type { LogFields, LogLevel } from '../ports/log.ts';

const COLOURS = { error: 'red', warn: 'yellow', info: 'green', debug: 'gray' } as const;

/** What a client has sent must not move the cursor of the operator's terminal. */
const harmless = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go.
  text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '?');

const rest = (fields: LogFields): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : inspect(value)}`)
    .join(' ');

const requestText = ({ method, path, status, durationMs, tenant, code, cause, requestId }: LogFields): string => {
  const failed = cause === undefined ? '' : `\n${inspect(cause)}`;
  const parts = [method, path, status, `${String(durationMs)} ms`, tenant, code, code === undefined ? '' : requestId];
  return parts.filter((part) => part !== undefined && part !== '').join(' ') + failed;
};

/** One line for people. */
export const prettyLine = (time: number, level: LogLevel, event: string, fields: LogFields): string => {
  const clock = styleText('gray', new Date(time).toISOString().slice(11, 23));
  const text = event === 'request' ? requestText(fields) : `${event} ${rest(fields)}`;
  return `${clock} ${styleText(COLOURS[level], level)} ${harmless(text)}\n`;
};
