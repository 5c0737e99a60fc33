import { LOG_LEVELS, type Log, type LogLevel } from '../ports/log.ts';
import { jsonLine } from './json-line.ts';
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
