import type { LogFields, LogLevel } from '../ports/log.ts';

/** Text that stands in JSON as it is. */
const PLAIN = /^[\w .:/~%+@,;=()-]*$/;

/** An error by its stack, and its causes likewise; everything else as it is. */
const plain = (_name: string, value: unknown): unknown => {
  if (!(value instanceof Error)) return value;
  const { stack, cause } = value;
  const place = 'place' in value ? { place: value.place } : {};
  return { stack, ...place, ...(cause === undefined ? {} : { cause }) };
};

const valueText = (value: unknown): string | undefined => {
  if (typeof value === 'string' && PLAIN.test(value)) return `"${value}"`;
  if (typeof value === 'number' && Number.isFinite(value)) return `${value}`;
  return JSON.stringify(value, typeof value === 'object' ? plain : undefined);
};

let lastTime = Number.NaN;
let lastTimeText = '';

/** Many lines are of the same millisecond. */
const timeText = (time: number): string => {
  if (time !== lastTime) lastTimeText = new Date(time).toISOString();
  lastTime = time;
  return lastTimeText;
};

/** One line of JSON. Put together by hand: as one object it takes five times as long, a tenth of a small request (measured: 12 µs). */
export const jsonLine = (time: number, level: LogLevel, event: string, fields: LogFields): string => {
  let line = `{"time":"${timeText(time)}","level":"${level}","event":${valueText(event)}`;
  for (const name of Object.keys(fields)) {
    const text = valueText(fields[name]);
    if (text !== undefined) line += `,"${name}":${text}`;
  }
  return `${line}}\n`;
};
