import { type Bar, isMet, type Results, type Row } from './results.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const short = (value: number): string => (value >= 100 ? whole(value) : value.toPrecision(3));

const rowLine = (row: Row): string => {
  const records = row.recordsPerSecond === undefined ? '' : whole(row.recordsPerSecond);
  const cells = [row.title, whole(row.requestsPerSecond), records, short(row.megabytesPerSecond)];
  return `| ${[...cells, short(row.p50Ms), short(row.p99Ms), whole(row.cpuMicros)].join(' | ')} |`;
};

const barLine = (bar: Bar): string => {
  const sign = bar.atMost ? '≤' : '≥';
  return `| ${bar.title} | ${short(bar.value)}${bar.unit} | ${sign} ${short(bar.bar)}${bar.unit} | ${isMet(bar) ? 'met' : 'missed'} |`;
};

const longLogLines = ({ longLog, syncsPerAnswer }: Results): string[] => [
  `A log of ${whole(longLog.records)} records (filled at ${whole(longLog.fillRecordsPerSecond)} records/s) starts in ` +
    `${whole(longLog.longStartMs)} ms, an empty folder in ${whole(longLog.emptyStartMs)} ms (process, bundle and first answer included). ` +
    `A fetch of 500 records takes ${short(longLog.middleMs)} ms from its middle and ${short(longLog.endMs)} ms from its end.`,
  ...(syncsPerAnswer === undefined
    ? []
    : ['', `Syncs to disk per answer at 64 connections, counted by strace: ${short(syncsPerAnswer)}.`]),
];

/** The whole result as Markdown: how it was measured, every row, every bar. */
export const toMarkdown = (results: Results): string =>
  [
    `${results.machine}. Load: ${results.generator}. Medians of ${results.rounds} interleaved rounds, ${results.secondsEach} s each; ` +
      'ratios are taken within a round. Values of 1 KiB; every produce answer waits for the disk.',
    '',
    '| request | requests/s | records/s | MB/s out | p50 ms | p99 ms | server CPU µs/request |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...results.rows.map(rowLine),
    '',
    '| figure | measured | bar | |',
    '| --- | ---: | ---: | --- |',
    ...results.bars.map(barLine),
    '',
    ...longLogLines(results),
  ].join('\n');
