import type { LongLog } from './long-log.ts';
import { figure, type Measured, ratio } from './rounds.ts';
import { divide } from './statistics.ts';

/** A figure that has a bar. Where `atMost` is true, less is better. */
export interface Bar {
  readonly title: string;
  readonly value: number;
  readonly bar: number;
  readonly atMost: boolean;
  readonly unit: string;
}

/** One row of the table: medians over the rounds, rates a second. */
export interface Row {
  readonly title: string;
  readonly requestsPerSecond: number;
  readonly recordsPerSecond: number | undefined;
  readonly megabytesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the server, user and system. */
  readonly cpuMicros: number;
}

export interface Results {
  readonly machine: string;
  readonly generator: string;
  readonly rounds: number;
  readonly secondsEach: number;
  readonly rows: readonly Row[];
  readonly bars: readonly Bar[];
  readonly longLog: LongLog;
  readonly syncsPerAnswer: number | undefined;
}

const TITLES: readonly (readonly [id: string, title: string, records?: number])[] = [
  ['bus health 1', '`GET /healthz`, 1 connection'],
  ['bus single 1', '**produce 1 record, 1 connection**', 1],
  ['bare single 1', 'bare node:http, the same request'],
  ['bus health 64', '`GET /healthz`, 64 connections'],
  ['bus single 64', '**produce 1 record, 64 connections**', 1],
  ['bare single 64', 'bare node:http, the same request'],
  ['bus hundred', '**produce 100 records, 64 connections**', 100],
  ['bare hundred', 'bare node:http, the same request'],
  ['bus fetch', '**fetch, 1 MiB an answer, all over the log, 8 connections**'],
  ['bus fetch uncached', 'fetch, the same of a log that no cache holds'],
  ['bus fetch same', 'fetch, the same 1 MiB again and again'],
  ['hono buffer', 'Hono on @hono/node-server, a fixed 1 MiB'],
  ['bare buffer', 'bare node:http, a fixed 1 MiB'],
];

export const rowsOf = (measured: Measured): Row[] =>
  TITLES.map(([id, title, records]) => {
    const requestsPerSecond = figure(measured, id, 'requestsPerSecond');
    return {
      title,
      requestsPerSecond,
      recordsPerSecond: records === undefined ? undefined : records * requestsPerSecond,
      megabytesPerSecond: figure(measured, id, 'bytesPerSecond') / 1e6,
      p50Ms: figure(measured, id, 'p50Ms'),
      p99Ms: figure(measured, id, 'p99Ms'),
      cpuMicros: figure(measured, id, 'cpuMicrosPerRequest'),
    };
  });

const atLeast = (title: string, value: number, bar: number, unit = ''): Bar => ({
  title,
  value,
  bar,
  atMost: false,
  unit,
});
const atMost = (title: string, value: number, bar: number, unit = ''): Bar => ({
  title,
  value,
  bar,
  atMost: true,
  unit,
});

/** The figures that the project holds itself to. The first six are about this server alone, the others measure it against a bare one. */
export const barsOf = (measured: Measured, longLog: LongLog): Bar[] => {
  const rate = (id: string, to: string): number => ratio(measured, id, to, 'requestsPerSecond');
  const p50 = figure(measured, 'bus single 64', 'p50Ms');
  const p99 = figure(measured, 'bus single 64', 'p99Ms');
  const { middleMs, endMs } = longLog;
  return [
    atLeast('single produce ÷ /healthz, 64 connections', rate('bus single 64', 'bus health 64'), 0.5),
    atMost('single produce at 64: p99 ÷ p50', divide(p99, p50), 15),
    atLeast('records/s: requests of 100 ÷ single', 100 * rate('bus hundred', 'bus single 64'), 10),
    atLeast(
      'fetch ÷ Hono with a fixed 1 MiB, MB/s',
      ratio(measured, 'bus fetch', 'hono buffer', 'bytesPerSecond'),
      1 / 3,
    ),
    atMost(`start on a log of ${longLog.records / 1e6} million records`, longLog.longStartMs / 1000, 1, ' s'),
    atMost('fetch from the middle ÷ from the end', divide(middleMs, endMs), 1.2),
    atLeast('single at 1 ÷ bare node:http', rate('bus single 1', 'bare single 1'), 0.12),
    atLeast('single at 64 ÷ bare node:http', rate('bus single 64', 'bare single 64'), 0.75),
    atLeast('hundred ÷ bare node:http', rate('bus hundred', 'bare hundred'), 0.25),
    atLeast('fetch ÷ bare node:http, MB/s', ratio(measured, 'bus fetch', 'bare buffer', 'bytesPerSecond'), 0.3),
    atMost('single at 64: p50', p50, 4, ' ms'),
    atMost('single at 64: p99', p99, 20, ' ms'),
  ];
};

export const isMet = ({ value, bar, atMost: less }: Bar): boolean => (less ? value <= bar : value >= bar);
