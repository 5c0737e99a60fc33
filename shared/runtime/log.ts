import { LOG_LEVELS, type Log, type LogFields, type LogLevel } from '../ports/log.ts';
import { prettyLine } from './pretty-line.ts';

export interface LogStream {
  readonly isTTY?: boolean;
  readonly writableLength: number;
  write(text: string): unknown;
}

export interface BufferedLog extends Log {
  /** Hands over what waits. */
  flush(): void;
}

const FLUSH_MS = 50;
const FLUSH_CHARACTERS = 64 * 1024;
/** A reader that has stopped reading must not cost the server its memory. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** An error by its stack, and its causes likewise; everything else as it is. */
const plain = (_name: string, value: unknown): unknown => {
  if (!(value instanceof Error)) return value;
  const { stack, cause } = value;
  const place = 'place' in value ? { place: value.place } : {};
  return { stack, ...place, ...(cause === undefined ? {} : { cause }) };
};

const isError = (value: unknown): boolean => value instanceof Error;

/** A replacer makes JSON five times as slow, and few lines hold an error. */
const jsonLine = (time: number, level: LogLevel, event: string, fields: LogFields): string => {
  const line = { time: new Date(time).toISOString(), level, event, ...fields };
  return `${Object.values(fields).some(isError) ? JSON.stringify(line, plain) : JSON.stringify(line)}\n`;
};

/**
 * Structured lines, JSON for machines and one short line for people at a terminal. Handed over in bulk: a system call for each line
 * would cost as much as the request.
 */
export const createLog = (level: LogLevel, stream: LogStream, now: () => number): BufferedLog => {
  const threshold = LOG_LEVELS.indexOf(level);
  const format = stream.isTTY === true ? prettyLine : jsonLine;
  let waiting = '';
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (stream.writableLength > MAX_WAITING_BYTES) {
      dropped += waiting.split('\n').length - 1;
    } else if (waiting !== '') {
      const notice = dropped === 0 ? '' : jsonLine(now(), 'warn', 'log lines dropped', { dropped });
      dropped = 0;
      stream.write(notice + waiting);
    }
    waiting = '';
  };
  const enabled = (asked: LogLevel): boolean => LOG_LEVELS.indexOf(asked) <= threshold;
  return {
    enabled,
    flush,
    write: (asked, event, fields) => {
      if (!enabled(asked)) return;
      waiting += format(now(), asked, event, fields);
      if (waiting.length > FLUSH_CHARACTERS) flush();
      else timer ??= setTimeout(flush, FLUSH_MS).unref();
    },
  };
};
